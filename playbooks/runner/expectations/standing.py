"""`orders` and `customers`: how they stand now."""

from collections.abc import Mapping

from accounts.models import Customer
from cancellations.selectors import can_cancel
from orders.models import Order
from payments.selectors.dunning import method_today, steps_in_force
from playbooks.format.expect import ExpectedCustomer, ExpectedOrder
from playbooks.runner.compare import differences
from playbooks.runner.world import World


def check_orders(world: World, expected: Mapping[str, ExpectedOrder]) -> list[str]:
    lines: list[str] = []
    for ref, wanted in expected.items():
        order = Order.objects.get(pk=world.orders[ref].pk)
        found = {"state": order.state, "can_cancel": can_cancel(order)}
        lines += [f"orders.{ref}.{line}" for line in differences(wanted.model_dump(exclude_none=True), found)]
    return lines


def check_customers(world: World, expected: Mapping[str, ExpectedCustomer]) -> list[str]:
    lines: list[str] = []
    for ref, wanted in expected.items():
        customer = Customer.objects.get(pk=world.customers[ref].pk)
        found = {"steps": sorted(steps_in_force(customer)), "pays": method_today(customer)}
        facts = wanted.model_dump(exclude_none=True)
        if wanted.steps is not None:
            facts["steps"] = sorted(wanted.steps)
        lines += [f"customers.{ref}.{line}" for line in differences(facts, found)]
    return lines

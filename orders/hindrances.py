"""What keeps a customer from ordering, asked before and while an order is placed."""

from __future__ import annotations

from collections.abc import Collection

from accounts.models import Customer
from accounts.policy import BillingPolicy
from orders import rules
from orders.rules import LATER_METHODS
from payments.rules.dunning import check_may_order, check_may_pay_later
from payments.selectors.dunning import steps_in_force


def check_not_blocked(customer: Customer) -> None:
    """Raises Refusal `customer_blocked` while a dunning step forbids new orders (A12, H8)."""
    check_may_order(steps_in_force(customer))


def check_method(customer: Customer, method: str, policy: BillingPolicy) -> None:
    """Raises Refusal as `rules.check_method`, and while payment after closing is withdrawn (A1, A12)."""
    check_method_under(steps_in_force(customer) if method in LATER_METHODS else (), customer, method, policy)


def check_method_under(
    steps: Collection[str], customer: Customer, method: str, policy: BillingPolicy
) -> None:
    """The same for one who knows the steps in force."""
    rules.check_method(method, policy, later_allowed=customer.later_payment_allowed)
    if method in LATER_METHODS:
        check_may_pay_later(steps)

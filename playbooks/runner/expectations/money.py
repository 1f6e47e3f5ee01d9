"""`balances`, `journal`, `payments` and `unmatched_transfers`."""

from collections.abc import Mapping, Sequence

from django.db.models import Sum

from ledger.models import Account, CustomerBalance, Line
from payments.models import Payment, PaymentState
from playbooks.format.expect import ExpectedBalance, ExpectedPayment
from playbooks.runner.compare import Facts, complete_list, differences
from playbooks.runner.world import World

_CREDIT = {Account.DEPOSIT, Account.SUSPENSE, Account.PAYOUT_PAYABLE, Account.SALES, Account.TAX_PAYABLE}
"""Accounts whose balance is positive on the credit side."""


def check_balances(world: World, expected: Mapping[str, ExpectedBalance]) -> list[str]:
    lines: list[str] = []
    for ref, wanted in expected.items():
        row = CustomerBalance.objects.filter(customer=world.customers[ref]).first() or CustomerBalance()
        found = {"receivable": row.receivable, "deposit": row.deposit}
        lines += [
            f"balances.{ref}.{line}" for line in differences(wanted.model_dump(exclude_none=True), found)
        ]
    return lines


def check_journal(_world: World, expected: Mapping[str, int]) -> list[str]:
    sums = dict(Line.objects.values_list("account").annotate(total=Sum("amount")))
    found = {account: _signed(account, sums.get(account, 0)) for account in expected}
    return [f"journal.{line}" for line in differences(dict(expected), found)]


def _signed(account: str, total: int) -> int:
    return -total if account in _CREDIT else total


def check_payments(world: World, expected: Sequence[ExpectedPayment]) -> list[str]:
    """Every payment of a customer that is new or has changed since it was last asked for."""
    now = {payment.pk: _payment_facts(world, payment) for payment in _of_customers()}
    before, world.seen.payments = (
        world.seen.payments,
        {pk: tuple(facts.values()) for pk, facts in now.items()},
    )
    found = [facts for pk, facts in now.items() if before.get(pk) != tuple(facts.values())]
    return complete_list("payments", [item.model_dump(exclude_none=True) for item in expected], found)


def _of_customers() -> list[Payment]:
    return list(Payment.objects.filter(customer__isnull=False).order_by("pk"))


def _payment_facts(world: World, payment: Payment) -> Facts:
    return {
        "customer": world.name_of(payment.customer_id),
        "method": payment.method,
        "amount": payment.amount,
        "state": payment.state,
    }


def check_unmatched(_world: World, expected: int) -> list[str]:
    found = Payment.objects.filter(state=PaymentState.UNMATCHED).count()
    return differences({"unmatched_transfers": expected}, {"unmatched_transfers": found})

"""`balances`, `journal`, `payments`, `payouts`, `deposit_reports` and `unmatched_transfers`."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Sum

from ledger.models import Account, CustomerBalance, Line
from payments.models import (
    CardPayment,
    CardPaymentState,
    CardRefund,
    CardRefundState,
    DepositReport,
    Payment,
    PaymentState,
    Payout,
)
from playbooks.format.expect import (
    ExpectedBalance,
    ExpectedDepositReport,
    ExpectedPayment,
    ExpectedPayout,
)
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
    now = {**_transfers(world), **_card_payments(world)}
    before, world.seen.payments = (
        world.seen.payments,
        {key: tuple(facts.values()) for key, facts in now.items()},
    )
    found = [facts for key, facts in now.items() if before.get(key) != tuple(facts.values())]
    return complete_list("payments", [item.model_dump(exclude_none=True) for item in expected], found)


def _transfers(world: World) -> dict[tuple[str, int], Facts]:
    known = Payment.objects.filter(customer__isnull=False).order_by("pk")
    return {("transfer", each.pk): _facts(world, each, each.method, each.state) for each in known}


def _card_payments(world: World) -> dict[tuple[str, int], Facts]:
    """Attempts that came to an end; what is back on the card counts when it has arrived there."""
    arrived = CardRefund.objects.filter(state=CardRefundState.SUCCEEDED).values_list("payment")
    back = dict(arrived.annotate(total=Sum("amount")).order_by())
    known = CardPayment.objects.filter(state__in=_ENDED).order_by("pk")
    return {
        ("card", each.pk): _facts(world, each, "card", _card_state(each, back.get(each.pk, 0)))
        for each in known
    }


_ENDED = {
    CardPaymentState.SUCCEEDED: "succeeded",
    CardPaymentState.LATE: "succeeded",
    CardPaymentState.FAILED: "failed",
    CardPaymentState.CHARGED_BACK: "refunded",
}


def _card_state(payment: CardPayment, back: int) -> str:
    if not back:
        return _ENDED[CardPaymentState(payment.state)]
    return "refunded" if back == payment.amount else "partly_refunded"


def _facts(world: World, payment: Any, method: str, state: str) -> Facts:
    return {
        "customer": world.name_of(payment.customer_id),
        "method": method,
        "amount": payment.amount,
        "state": state,
    }


def check_unmatched(_world: World, expected: int) -> list[str]:
    found = Payment.objects.filter(state=PaymentState.UNMATCHED).count()
    return differences({"unmatched_transfers": expected}, {"unmatched_transfers": found})


def check_payouts(world: World, expected: Sequence[ExpectedPayout]) -> list[str]:
    """Every pay-out executed since they were last asked for, also one that came back; net of its fee."""
    new = Payout.objects.filter(executed_on__isnull=False).exclude(pk__in=world.seen.payouts).order_by("pk")
    found = [
        {
            "customer": world.name_of(payout.customer_id),
            "amount": payout.net,
            "fee": payout.fee,
            "on": payout.executed_on,
        }
        for payout in new
    ]
    world.seen.payouts.update(payout.pk for payout in new)
    return complete_list("payouts", [item.model_dump(exclude_none=True) for item in expected], found)


def check_deposit_reports(world: World, expected: Sequence[ExpectedDepositReport]) -> list[str]:
    """Every report made since they were last asked for (X11)."""
    new = DepositReport.objects.exclude(pk__in=world.seen.deposit_reports).order_by("pk")
    found = [
        {
            "on": report.day,
            "customers": report.customers,
            "total": report.total,
            "warns": report.is_warned,
        }
        for report in new
    ]
    world.seen.deposit_reports.update(report.pk for report in new)
    return complete_list("deposit_reports", [item.model_dump(exclude_none=True) for item in expected], found)

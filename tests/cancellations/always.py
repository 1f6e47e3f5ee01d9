"""What must hold of a shop's books at any moment, by its own sums and not by those of the product."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import F, Sum

from accounts.policy.choices import PaymentMethod
from invoices.models import Allocation, AllocationSource, Charge, Document, OpenItem
from ledger.models import Account, CustomerBalance, Line, Reason, Reservation
from ledger.verification import verify
from orders.models import LineState, Order, OrderLine, PendingDelivery, PendingState
from orders.selectors import figures_of
from payments.models import (
    CardDispute,
    CardDisputeState,
    CardPayment,
    CardPaymentState,
    CardRefund,
    CardRefundState,
    Payment,
    Payout,
    PayoutState,
)

TAKEN = (CardPaymentState.SUCCEEDED, CardPaymentState.LATE, CardPaymentState.CHARGED_BACK)
GONE = (CardDisputeState.TAKEN, CardDisputeState.LOST)
OUT = (PayoutState.ASKED, PayoutState.IN_FILE, PayoutState.PAID)


def check_books(customer_ids: Collection[int]) -> None:
    assert verify() == []
    for customer_id in customer_ids:
        _check_customer(customer_id)
    _check_money_outside()
    _check_cards()
    _check_goods()
    _check_claims()


def clearing() -> int:
    return total(Line.objects.filter(account=Account.CARD_CLEARING), "amount")


def total(rows: Any, column: str) -> int:
    return rows.aggregate(added=Sum(column))["added"] or 0


def _check_customer(customer: int) -> None:
    """What is owed less what is held = billed − came in + went out − given up; nothing is negative."""
    standing = CustomerBalance.objects.filter(customer=customer).first() or CustomerBalance()
    billed = total(Document.objects.filter(customer=customer), "total")
    came = total(Payment.objects.filter(customer=customer), "amount")
    charged = total(CardPayment.objects.filter(customer=customer, state__in=TAKEN), "amount")
    back = CardRefund.objects.filter(payment__customer=customer, state=CardRefundState.SUCCEEDED)
    disputes = CardDispute.objects.filter(payment__customer=customer)
    paid_out = total(Payout.objects.filter(customer=customer, state__in=OUT), "amount")
    debts = Allocation.objects.filter(document__customer=customer, source=AllocationSource.BAD_DEBT)
    lost = Line.objects.filter(account=Account.BAD_DEBT, entry__source_id__in=disputes.values("pk"))
    lost = lost.filter(entry__reason__in=(Reason.CHARGEBACK, Reason.CHARGEBACK_REVERSED))
    went = total(back, "amount") + total(disputes.filter(state__in=GONE), "amount") + paid_out
    given_up = total(debts, "amount") + total(lost, "amount")
    assert standing.receivable - standing.deposit == billed - came - charged + went - given_up
    assert standing.receivable == total(OpenItem.objects.filter(customer=customer), "open_amount")
    assert 0 <= standing.reserved <= standing.deposit


def _check_money_outside() -> None:
    """What came from outside less what went there is on the bank account and with the card company."""
    paid_out = Payout.objects.filter(state=PayoutState.PAID).annotate(net=F("amount") - F("fee"))
    bank = total(Line.objects.filter(account=Account.BANK), "amount")
    assert bank == total(Payment.objects.all(), "amount") - total(paid_out, "net")
    back = total(CardRefund.objects.filter(state=CardRefundState.SUCCEEDED), "amount")
    taken_back = total(CardDispute.objects.filter(state__in=GONE), "amount")
    assert clearing() == total(CardPayment.objects.filter(state__in=TAKEN), "amount") - back - taken_back


def _check_cards() -> None:
    """Nothing is charged twice, and never more is given back than was charged."""
    paid = CardPayment.objects.filter(state=CardPaymentState.SUCCEEDED)
    things = list(paid.values_list("purpose", "reference"))
    assert len(set(things)) == len(things)
    assert not CardPayment.objects.filter(refunded__gt=F("amount")).exists()


def _check_goods() -> None:
    """Billable is what was delivered and not returned, each once; what was bought on deposit is not owed."""
    amount = F("quantity") * F("unit_price")
    delivered = OrderLine.objects.filter(state=LineState.DELIVERED).annotate(price=amount)
    assert total(Charge.objects.all(), "amount") == total(delivered, "price")
    on_deposit = OpenItem.objects.filter(document__payment_method=PaymentMethod.DEPOSIT)
    assert not on_deposit.filter(open_amount__gt=0).exists()


def _check_claims() -> None:
    """Deposit is reserved for all that is ordered on deposit; an order with nothing more to be delivered has
    no claim, and waits for no card.
    """
    open_lines = OrderLine.objects.filter(state=LineState.OPEN)
    claims = Reservation.objects.filter(purpose="order", amount__gt=0)
    reserved = dict(claims.values_list("source_id", "amount"))
    unfinished = Order.objects.filter(pk__in=open_lines.values("order"))
    for order in unfinished.filter(payment_method=PaymentMethod.DEPOSIT):
        wanted = figures_of(order, list(open_lines.filter(order=order))).total
        assert reserved.get(order.pk, 0) >= wanted
    assert set(reserved) <= set(unfinished.values_list("pk", flat=True))
    waiting = PendingDelivery.objects.filter(state=PendingState.WAITING)
    assert not waiting.exclude(order__in=unfinished).exists()

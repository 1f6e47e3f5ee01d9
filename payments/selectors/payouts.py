"""Pay-outs, their files, and under which names a customer's money has come; asked in the tenant's context."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet, Sum

from accounts.models import Customer
from payments.models import (
    Match,
    Payout,
    PayoutAccount,
    PayoutFile,
    PayoutFileState,
    PayoutSender,
    PayoutState,
)


def payers_of(customer: Customer) -> list[str]:
    """The names of the payers whose transfers are this customer's money, each once."""
    matches = Match.objects.filter(customer=customer, undone_at=None).exclude(payment__payer_name="")
    return sorted(set(matches.values_list("payment__payer_name", flat=True)))


def payouts_of(customer: Customer) -> QuerySet[Payout]:
    """Newest first."""
    found: QuerySet[Payout] = Payout.objects.filter(customer=customer)
    return found.order_by("-asked_at", "-id")


def payout_account_of(customer: Customer) -> PayoutAccount | None:
    """The account that the customer gave last."""
    found: PayoutAccount | None = PayoutAccount.objects.filter(customer=customer).first()
    return found


def payout_sender() -> PayoutSender | None:
    """From which account the tenant pays out; None until it has said so."""
    found: PayoutSender | None = PayoutSender.objects.first()
    return found


def due_payouts(day: date) -> QuerySet[Payout]:
    """Those that no file carries yet and that are to be paid by this day."""
    found: QuerySet[Payout] = Payout.objects.filter(state=PayoutState.ASKED, pay_on__lte=day)
    return found.order_by("pay_on", "id")


def net_of(payouts: QuerySet[Payout]) -> int:
    """What banks are to carry, in yen."""
    sums = payouts.order_by().aggregate(amount=Sum("amount", default=0), fee=Sum("fee", default=0))
    return int(sums["amount"] - sums["fee"])


def open_payout_files() -> QuerySet[PayoutFile]:
    """Those that nobody has confirmed yet."""
    found: QuerySet[PayoutFile] = PayoutFile.objects.filter(state=PayoutFileState.WRITTEN)
    return found.defer("content").order_by("pay_on", "id")

"""What is held of customers' money, read from the ledger; asked in the tenant's context."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet, Sum

from accounts.models import Customer
from billing_project import clock
from ledger.models import Account, CustomerBalance, Line
from payments.models import WARNED_FROM, DepositReport

TO_NOTIFY = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class Held:
    """A customer's deposit in yen."""

    customer: Customer
    amount: int


def deposits_on(day: date) -> list[Held]:
    """Deposits at the end of a day, by date of account, in order of customer number; none of zero."""
    lines = Line.objects.filter(account=Account.DEPOSIT, entry__booked_on__lte=day)
    sums = dict(lines.values_list("customer").annotate(total=Sum("amount")))
    held = {pk: -total for pk, total in sums.items() if total}
    customers = Customer.objects.filter(pk__in=held).order_by("code")
    return [Held(customer, held[customer.pk]) for customer in customers]


def balance_of(customer: Customer) -> CustomerBalance:
    """The customer's standing; all zero before its first booking."""
    return CustomerBalance.objects.filter(customer=customer).first() or CustomerBalance(customer=customer)


def new_warned_reports() -> QuerySet[DepositReport]:
    """Reports of late whose sum may ask for a notification under the Payment Services Act (X11)."""
    found: QuerySet[DepositReport] = DepositReport.objects.filter(
        total__gte=WARNED_FROM, day__gte=clock.today() - TO_NOTIFY
    )
    return found

"""Questions about payments and payers, asked in the tenant's context."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.models import Customer
from payments.models import PayerName, Payment, PaymentState
from payments.rules import bare_name, printed_name


def payments(*, customer: Customer | None = None, search: str = "", state: str = "") -> QuerySet[Payment]:
    """Payments, newest first; `search` finds payer, reference or company."""
    found: QuerySet[Payment] = Payment.objects.select_related("customer").order_by("-received_on", "-id")
    if customer is not None:
        found = found.filter(customer=customer)
    if state:
        found = found.filter(state=state)
    if text := search.strip():
        found = found.filter(
            Q(payer_name__icontains=printed_name(text))
            | Q(reference__icontains=text)
            | Q(customer__name__icontains=text)
        )
    return found


def unmatched_transfers() -> QuerySet[Payment]:
    """Transfers whose payer nobody knows yet."""
    return payments(state=PaymentState.UNMATCHED)


def customer_of_payer(payer_name: str) -> Customer | None:
    """The one customer whom the name fits: a known payer name, or its own kana name without legal form.

    A name that fits two customers finds none.
    """
    fitting = _by_payer_name(payer_name) | _by_own_name(payer_name)
    return Customer.objects.get(pk=fitting.pop()) if len(fitting) == 1 else None


def _by_payer_name(payer_name: str) -> set[int]:
    known = PayerName.objects.filter(name=printed_name(payer_name))
    return set(known.values_list("customer_id", flat=True))


def _by_own_name(payer_name: str) -> set[int]:
    wanted = bare_name(payer_name)
    names = Customer.objects.exclude(name_kana="").values_list("pk", "name_kana")
    return {pk for pk, name in names if wanted and bare_name(name) == wanted}

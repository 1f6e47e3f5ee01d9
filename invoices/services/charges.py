"""Recording charges and undoing them. What is recorded is never changed (X1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Addressee, Customer
from accounts.policy.choices import TaxCategory
from billing_project.errors import Code, Refusal
from invoices.models import Charge
from invoices.selectors import charge_that_stands
from invoices.services.gate import next_moment, pass_gate
from invoices.tax import rate_on

BATCH = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCharge:
    """A billable fact as it is to be recorded.

    `unit_price` in yen, without tax or, when `tax_inclusive`, with it. The rate is that of
    `transaction_date`; `billable_from` decides which period bills it.
    """

    customer_id: int
    addressee_id: int
    payment_method: str
    order_number: str
    transaction_date: date
    billable_from: date
    description: str
    quantity: int
    unit: str
    unit_price: int
    tax_inclusive: bool
    tax_category: str
    service_from: date | None = None
    service_until: date | None = None


def record_charge(
    *,
    customer: Customer,
    addressee: Addressee,
    payment_method: str,
    order_number: str,
    transaction_date: date,
    billable_from: date,
    description: str,
    quantity: int,
    unit: str,
    unit_price: int,
    tax_inclusive: bool,
    tax_category: str,
    service_from: date | None = None,
    service_until: date | None = None,
) -> Charge:
    """One charge; see `NewCharge`. Raises Refusal `invalid_amount`, `no_tax_rate`."""
    charge = NewCharge(
        customer_id=customer.pk,
        addressee_id=addressee.pk,
        payment_method=payment_method,
        order_number=order_number,
        transaction_date=transaction_date,
        billable_from=billable_from,
        description=description,
        quantity=quantity,
        unit=unit,
        unit_price=unit_price,
        tax_inclusive=tax_inclusive,
        tax_category=tax_category,
        service_from=service_from,
        service_until=service_until,
    )
    return record_charges([charge])[0]


@transaction.atomic
def record_charges(charges: Iterable[NewCharge]) -> list[Charge]:
    """Many charges at once, all or none; they come back in the same order, with their ids.

    Raises Refusal `invalid_amount` for a quantity that is not positive or a negative price, `no_tax_rate` for
    a category that did not exist on the day.
    """
    new = list(charges)
    for charge in new:
        _check(charge)
    pass_gate()
    moment = next_moment()
    rows = [
        Charge(
            **asdict(charge),
            amount=charge.quantity * charge.unit_price,
            tax_rate=rate_on(TaxCategory(charge.tax_category), charge.transaction_date),
            recorded_at=moment,
        )
        for charge in new
    ]
    created: list[Charge] = Charge.objects.bulk_create(rows, batch_size=BATCH)
    return created


@transaction.atomic
def reverse_charge(*, charge: Charge, on: date) -> Charge:
    """Undoes a charge: a charge of its own, dated `on`, at the rate of the original, which it names.

    Of a sale that a corrected document restates, what that document states is undone. Raises Refusal
    `already_cancelled` when nothing of the charge is left, `not_cancellable` for a reversal.
    """
    if charge.reverses_id is not None:
        raise Refusal(Code.NOT_CANCELLABLE, _("A reversal cannot be reversed. Record a new sale instead."))
    pass_gate()
    standing = charge_that_stands(charge)
    if standing is None:
        raise Refusal(Code.ALREADY_CANCELLED)
    charge = standing
    reversal = Charge(
        **{name: getattr(charge, name) for name in _TAKEN_OVER},
        transaction_date=on,
        billable_from=on,
        quantity=-charge.quantity,
        amount=-charge.amount,
        reverses=charge,
        recorded_at=next_moment(),
    )
    try:
        with transaction.atomic():
            reversal.save(force_insert=True)
    except IntegrityError as error:
        raise Refusal(Code.ALREADY_CANCELLED) from error
    return reversal


_TAKEN_OVER = (
    "customer_id",
    "addressee_id",
    "payment_method",
    "order_number",
    "description",
    "service_from",
    "service_until",
    "unit",
    "unit_price",
    "tax_inclusive",
    "tax_category",
    "tax_rate",
)


def _check(charge: NewCharge) -> None:
    if charge.quantity < 1 or charge.unit_price < 0:
        raise Refusal(
            Code.INVALID_AMOUNT, _("A charge has a quantity of 1 or more and a price of 0 yen or more.")
        )

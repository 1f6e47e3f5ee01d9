"""The moment goods pass: charges, the document of what is paid by then, and its booking (A6, X4, X10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from accounts.policy import BillingPolicy
from accounts.policy.choices import PaymentMethod, PriceEntry, QualifiedDocument
from accounts.policy.periods import schedule
from accounts.selectors import policy_on
from billing_project import clock
from billing_project.audit.services import record
from billing_project.calendar import Month
from billing_project.tenancy.lookup import current_tenant
from invoices.models import Charge, Document, DocumentKind
from invoices.services.charges import NewCharge, record_charges
from invoices.services.issuing import Terms, issue_documents_of_charges
from invoices.services.settlement import pay_from_deposit
from orders import rules
from orders.models import LineState, Order, OrderLine
from orders.selectors import policy_of_order
from orders.services.locking import settle_state
from orders.services.reserving import give_back, reserved_for, use_reserved
from payments.models import CardPayment
from payments.services.cards import book_for_document


@dataclass(frozen=True, slots=True)
class PaidBy:
    """What pays for a delivery: deposit, of this sum in yen, or a card's charge of its exact total."""

    deposit: int = 0
    card: CardPayment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Lines of an order that pass on `on`, the real day; recorded and issued at `at`.

    `ordered_under` is the policy of the order's day, `issued_under` that of the issue day (X10). `reason` is
    why it is delivered though it has not been paid.
    """

    order: Order
    lines: Sequence[OrderLine]
    on: date
    at: datetime
    issued_on: date
    ordered_under: BillingPolicy
    issued_under: BillingPolicy
    paid: PaidBy = field(default_factory=PaidBy)
    reason: str = ""


def plan_delivery(order: Order, lines: Sequence[OrderLine], on: date) -> Delivery:
    """A delivery recorded now, not yet paid."""
    today = clock.today(current_tenant().zone)
    return Delivery(
        order=order,
        lines=lines,
        on=on,
        at=clock.now(),
        issued_on=today,
        ordered_under=policy_of_order(order),
        issued_under=policy_on(today),
    )


def hand_over(delivery: Delivery) -> None:
    """Charges the lines; what is paid by now gets its document, booked and paid in the same transaction.

    The caller has passed the gate and locked the order and its customer's balance.
    """
    order = delivery.order
    charges = _charge_lines(delivery)
    if order.payment_method in rules.PAID_BY_DELIVERY:
        _book(delivery, _issue(delivery, charges))
    settle_state(order)
    give_back(order)
    positions = [line.position for line in delivery.lines]
    facts = {"reason": delivery.reason} if delivery.reason else {}
    record("order_delivered", order, on=delivery.on.isoformat(), lines=positions, **facts)


def _charge_lines(delivery: Delivery) -> list[Charge]:
    charges = record_charges(_charge(delivery, line) for line in delivery.lines)
    for line, charge in zip(delivery.lines, charges, strict=True):
        line.charge = charge
        line.state = LineState.DELIVERED
        line.delivered_at, line.delivered_on = delivery.at, delivery.on
        line.cancel_until = rules.last_cancel_day(delivery.on, delivery.ordered_under)
    written = ["charge", "state", "delivered_at", "delivered_on", "cancel_until"]
    OrderLine.objects.bulk_update(delivery.lines, written)
    return charges


def _issue(delivery: Delivery, charges: Sequence[Charge]) -> Document:
    order, policy, paid = delivery.order, delivery.issued_under, delivery.paid
    method = PaymentMethod(order.payment_method)
    note = policy.qualified_document.get(method) == QualifiedDocument.DELIVERY_NOTE
    from_deposit = paid.deposit if method == PaymentMethod.DEPOSIT else 0
    terms = Terms(
        issued_on=delivery.issued_on,
        rounding=policy.tax_rounding,
        apply_deposit=False,
        due_on={method: schedule(policy, Month.of(delivery.issued_on), method).due},
        kind=DocumentKind.DELIVERY_NOTE if note else None,
        from_deposit=from_deposit,
        paid_before=paid.card.amount if paid.card else paid.deposit - from_deposit,
    )
    [document] = issue_documents_of_charges(charges=charges, terms=terms)
    return document


def _book(delivery: Delivery, document: Document) -> None:
    paid = delivery.paid
    if paid.card is not None:
        book_for_document(card_payment=paid.card, document=document)
        return
    use_reserved(delivery.order, min(paid.deposit, reserved_for(delivery.order)))
    pay_from_deposit(document=document, amount=paid.deposit, on=delivery.issued_on)


def _charge(delivery: Delivery, line: OrderLine) -> NewCharge:
    order = delivery.order
    return NewCharge(
        customer_id=order.customer_id,
        addressee_id=order.addressee_id,
        payment_method=order.payment_method,
        order_number=order.number,
        transaction_date=delivery.on,
        billable_from=delivery.on,
        description=line.description,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        tax_inclusive=delivery.ordered_under.price_entry == PriceEntry.TAX_INCLUSIVE,
        tax_category=line.tax_category,
    )

"""Questions about orders, asked in the tenant's context."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Aggregate, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from accounts.models import Customer, Member
from accounts.policy import BillingPolicy
from accounts.policy.choices import PaymentMethod, PriceEntry, RefundTo, TaxCategory
from accounts.selectors import issuer, policy_of
from invoices.models import Allocation, AllocationSource, Charge, DocumentLine
from invoices.tax import TaxSum, tax_on
from ledger.models import CustomerBalance, ReservedFor
from ledger.reservations import reserved
from orders.models import LineState, Order, OrderLine, PendingDelivery, Product
from orders.rules import LATER_METHODS, most_it_can_cost, order_sums, total_of
from payments.models import CardPayment, CardPaymentState, CardPurpose, Funding

_AMOUNT = Sum(F("quantity") * F("unit_price"))


@dataclass(frozen=True)
class OrderFigures:
    """What the lines that are not cancelled or expired come to, in yen."""

    sums: list[TaxSum]

    @property
    def net(self) -> int:
        return sum(each.net for each in self.sums)

    @property
    def tax(self) -> int:
        return sum(each.tax for each in self.sums)

    @property
    def total(self) -> int:
        return self.net + self.tax


def catalogue() -> QuerySet[Product]:
    """The products that are sold, by SKU."""
    return Product.objects.filter(discontinued=False).order_by("sku")


def orders(
    *, customer: Customer | None = None, member: Member | None = None, search: str = "", state: str = ""
) -> QuerySet[Order]:
    """Orders, newest first, with `line_count` and `amount` (sum of all lines, prices as entered).

    `member` narrows to what that member ordered; `search` finds the order number, the customer's purchase
    order number, company, SKU or description.
    """
    found: QuerySet[Order] = Order.objects.select_related("customer", "member").order_by("-placed_at", "-id")
    if customer is not None:
        found = found.filter(customer=customer)
    if member is not None:
        found = found.filter(member=member)
    if state:
        found = found.filter(state=state)
    if text := search.strip():
        found = found.filter(_matches(text))
    return found.annotate(line_count=_of_lines(Count("*")), amount=_of_lines(_AMOUNT))


def order_by_public_id(public_id: UUID, *, customer: Customer | None = None) -> Order | None:
    """The order, when it exists and is the customer's."""
    return orders(customer=customer).filter(public_id=public_id).select_related("addressee").first()


def lines_of(order: Order) -> list[OrderLine]:
    return list(OrderLine.objects.filter(order=order).order_by("position"))


def policy_of_order(order: Order) -> BillingPolicy:
    """The policy of the order's day: expiry, window, prices (X10)."""
    return policy_of(order.policy_version)


def figures_of(order: Order, lines: Collection[OrderLine] | None = None) -> OrderFigures:
    """Net and tax per rate of the order's lines that stand; of `lines` alone when they are given."""
    gone = {LineState.CANCELLED, LineState.EXPIRED}
    chosen = [line for line in lines_of(order) if line.state not in gone] if lines is None else lines
    amounts = [(TaxCategory(line.tax_category), line.quantity * line.unit_price) for line in chosen]
    sums = order_sums(amounts, policy_of_order(order), order.ordered_on, taxed=states_tax())
    return OrderFigures(sums)


def most_of(order: Order, lines: Collection[OrderLine]) -> int:
    """The most that lines can come to, in yen with tax, however they are divided among deliveries."""
    amounts = [(TaxCategory(line.tax_category), line.quantity * line.unit_price) for line in lines]
    return most_it_can_cost(amounts, policy_of_order(order), order.ordered_on, taxed=states_tax())


def delivery_total(order: Order, lines: Collection[OrderLine], on: date, policy: BillingPolicy) -> int:
    """What the document of a delivery comes to, in yen: prices as ordered, rounding as on the issue day."""
    amounts = [(TaxCategory(line.tax_category), line.quantity * line.unit_price) for line in lines]
    ordered_under = policy_of_order(order)
    terms = ordered_under.model_copy(update={"tax_rounding": policy.tax_rounding})
    return total_of(order_sums(amounts, terms, on, taxed=states_tax()))


def missing_for(order: Order) -> int:
    """What still has to arrive, in yen, for all open lines of an order paid in advance (A20)."""
    lines = [line for line in lines_of(order) if line.state == LineState.OPEN]
    return max(figures_of(order, lines).total - reserved(purpose=ReservedFor.ORDER, source_id=order.pk), 0)


def pays_at_delivery(order: Order) -> bool:
    """Whether its card is charged at each delivery; a debit card is charged when the order is placed (A3)."""
    return order.payment_method == PaymentMethod.CARD and not pays_when_ordered(order)


def pays_when_ordered(order: Order) -> bool:
    return order.card is not None and order.card.funding == Funding.DEBIT


def is_charged(order: Order) -> bool:
    """Whether the debit card of the order has been charged."""
    return any(payment.purpose == CardPurpose.ORDER for payment in card_charges(order))


def card_charges(order: Order) -> list[CardPayment]:
    """What was charged to cards for the order, the newest first: when it was placed, and at deliveries."""
    return [each for each in payments_by_card(order) if each.state == CardPaymentState.SUCCEEDED]


def payments_by_card(order: Order) -> list[CardPayment]:
    """Every attempt to charge a card for the order, the newest first."""
    deliveries = PendingDelivery.objects.filter(order=order).values("pk")
    for_order = Q(purpose=CardPurpose.ORDER, reference=order.pk)
    for_delivery = Q(purpose=CardPurpose.DELIVERY, reference__in=deliveries)
    found = CardPayment.objects.filter(for_order | for_delivery)
    return list(found.select_related("card").order_by("-pk"))


def charges_behind(order: Order, document_id: int | None) -> list[CardPayment]:
    """The card payments that paid a document of the order: at the delivery, or when it was placed."""
    paid = Allocation.objects.filter(document=document_id, source=AllocationSource.CARD, amount__gt=0)
    at_delivery = set(paid.values_list("source_id", flat=True))
    return [
        payment
        for payment in card_charges(order)
        if payment.pk in at_delivery or payment.purpose == CardPurpose.ORDER
    ]


def refunds_to_card(order: Order) -> bool:
    """Whether the money of a cancelled sale goes back to the card, by the policy of its day (X10)."""
    refund_to = policy_of_order(order).refund_to
    is_card = order.payment_method == PaymentMethod.CARD
    return is_card and (refund_to is None or refund_to.get(PaymentMethod.CARD) == RefundTo.CARD)


def states_tax() -> bool:
    """Whether the tenant's documents state tax: it is not a tax-exempt business."""
    return issuer().charges_tax


def credit_used(customer: Customer, policy: BillingPolicy, day: date) -> int:
    """Open receivables, delivered charges not yet billed, undelivered orders on account: yen with tax (S6).

    What is not billed yet is taxed as one document would be. Exact while the customer's balance is locked.
    """
    receivable = (
        CustomerBalance.objects.filter(customer=customer).values_list("receivable", flat=True).first()
    )
    taxed = states_tax()
    unbilled = _with_tax(_unbilled(customer), policy, taxed=taxed)
    ordered = order_sums(_undelivered(customer), policy, day, taxed=taxed)
    return (receivable or 0) + unbilled + sum(each.gross for each in ordered)


def _unbilled(customer: Customer) -> list[tuple[int | None, bool, int]]:
    billed = DocumentLine.objects.filter(charge=OuterRef("pk"))
    charges = Charge.objects.filter(customer=customer, payment_method__in=LATER_METHODS, corrects=None)
    sums = charges.filter(~Exists(billed)).values_list("tax_rate", "tax_inclusive").annotate(Sum("amount"))
    return list(sums.order_by())


def _with_tax(sums: Collection[tuple[int | None, bool, int]], policy: BillingPolicy, *, taxed: bool) -> int:
    return sum(
        amount
        if inclusive or not taxed
        else amount + tax_on(amount, rate, PriceEntry.TAX_EXCLUSIVE, policy.tax_rounding)
        for rate, inclusive, amount in sums
    )


def _undelivered(customer: Customer) -> list[tuple[TaxCategory, int]]:
    lines = OrderLine.objects.filter(
        order__customer=customer, order__payment_method__in=LATER_METHODS, state=LineState.OPEN
    )
    sums = lines.order_by().values_list("tax_category").annotate(amount=_AMOUNT)
    return [(TaxCategory(category), amount) for category, amount in sums]


def _of_lines(aggregate: Aggregate) -> Subquery:
    lines = OrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order")
    return Subquery(lines.annotate(of_lines=aggregate).values("of_lines"))


def _matches(text: str) -> Q:
    inside = OrderLine.objects.filter(order=OuterRef("pk")).filter(
        Q(sku__icontains=text) | Q(description__icontains=text)
    )
    return (
        Q(number__icontains=text)
        | Q(purchase_order_number__icontains=text)
        | Q(customer__name__icontains=text)
        | Q(Exists(inside))
    )

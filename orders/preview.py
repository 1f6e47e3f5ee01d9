"""What an order would be if it were placed now: shown before it is confirmed (A7)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import AccountingContact, Customer
from accounts.policy import BillingPolicy
from accounts.policy.choices import PaymentMethod, PriceEntry, TaxCategory
from accounts.selectors import contact_of, policy_on
from billing_project import clock
from billing_project.errors import Code, Refusal
from billing_project.tenancy.lookup import current_tenant
from invoices.tax import TaxSum
from ledger.models import CustomerBalance
from ledger.reservations import free
from orders import rules
from orders.hindrances import check_method, check_method_under, check_not_blocked
from orders.models import Product
from orders.rules import OrderedLine
from orders.selectors import states_tax
from payments.models import Card
from payments.rules.dunning import check_may_order
from payments.selectors.dunning import steps_in_force


@dataclass(frozen=True)
class PreviewLine:
    product: Product
    quantity: int

    @property
    def amount(self) -> int:
        return self.product.unit_price * self.quantity


@dataclass(frozen=True)
class OrderPreview:
    """Sums in yen, as one document of today would state them."""

    customer: Customer
    contact: AccountingContact
    method: PaymentMethod
    card: Card | None
    lines: list[PreviewLine]
    sums: list[TaxSum]
    tax_inclusive: bool
    last_delivery_on: date | None
    cancel_days: int | None

    @property
    def net(self) -> int:
        return sum(each.net for each in self.sums)

    @property
    def tax(self) -> int:
        return sum(each.tax for each in self.sums)

    @property
    def total(self) -> int:
        return self.net + self.tax

    @property
    def digest(self) -> str:
        """Changes when anything changes that the member has seen and confirms: contact, prices, terms."""
        contact, customer = self.contact, self.customer
        seen = [
            [customer.name, customer.postcode, customer.address],
            [contact.name, contact.department, contact.email],
            [[line.product.sku, line.product.name, line.quantity, line.amount] for line in self.lines],
            [self.method, self.total, str(self.card.public_id) if self.card else ""],
        ]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:32]


def policy_today() -> BillingPolicy:
    return policy_on(clock.today(current_tenant().zone))


def why_not(customer: Customer, method: str, policy: BillingPolicy) -> Refusal | None:
    """What speaks against ordering by this method."""
    return _why_not(steps_in_force(customer), customer, method, policy)


def _why_not(
    steps: Collection[str], customer: Customer, method: str, policy: BillingPolicy
) -> Refusal | None:
    try:
        check_may_order(steps)
        check_method_under(steps, customer, method, policy)
    except Refusal as refusal:
        return refusal
    return None


@dataclass(frozen=True)
class MethodOffer:
    """A payment method of the policy, and why this customer cannot use it now; empty: it can.

    `free` is the free deposit in yen, of the method that uses it.
    """

    method: PaymentMethod
    refusal: str
    free: int | None = None


def method_offers(customer: Customer, policy: BillingPolicy) -> list[MethodOffer]:
    """All methods of the policy, in its order, as the order form shows them."""
    steps = steps_in_force(customer)
    return [_offer(steps, customer, method, policy) for method in policy.payment_methods]


def _offer(
    steps: Collection[str], customer: Customer, method: PaymentMethod, policy: BillingPolicy
) -> MethodOffer:
    refusal = _why_not(steps, customer, method, policy)
    left = free_deposit(customer) if method == PaymentMethod.DEPOSIT else None
    if refusal is None and left == 0:
        refusal = Refusal(Code.INSUFFICIENT_DEPOSIT)
    return MethodOffer(method, refusal.message if refusal else "", left)


def free_deposit(customer: Customer) -> int:
    """The deposit that nothing has a claim on, in yen."""
    balance = CustomerBalance.objects.filter(customer=customer).first()
    return free(balance) if balance else 0


def preview_order(
    *,
    customer: Customer,
    lines: Sequence[tuple[Product, int]],
    method: PaymentMethod,
    card: Card | None = None,
) -> OrderPreview:
    """Raises Refusal as `place_order` would for quantities, products, method, card and deposit."""
    policy, today = policy_today(), clock.today(current_tenant().zone)
    check_not_blocked(customer)
    rules.check_quantities([OrderedLine(product.sku, quantity) for product, quantity in lines])
    rules.check_line_count(sum(quantity if product.sold_singly else 1 for product, quantity in lines))
    check_method(customer, method, policy)
    wanted = [PreviewLine(product, quantity) for product, quantity in lines]
    amounts = [(TaxCategory(line.product.tax_category), line.amount) for line in wanted]
    sums = rules.order_sums(amounts, policy, today, taxed=states_tax())
    rules.check_card(method, card, customer.pk)
    if method == PaymentMethod.DEPOSIT:
        rules.check_deposit(free=free_deposit(customer), total=rules.total_of(sums))
    return OrderPreview(
        customer=customer,
        contact=contact_of(customer),
        method=method,
        card=card,
        lines=wanted,
        sums=sums,
        tax_inclusive=policy.price_entry == PriceEntry.TAX_INCLUSIVE,
        last_delivery_on=rules.last_delivery_day(today, policy),
        cancel_days=policy.cancel_window_days,
    )

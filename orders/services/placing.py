"""Placing an order (A1, A5, A7, S6, S8, S11)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Member, PolicyVersion
from accounts.policy import BillingPolicy
from accounts.policy.choices import PaymentMethod, TaxCategory
from accounts.rules import Right, may
from accounts.selectors import as_it_stands, policy_of, policy_version_on
from accounts.services import addressee_of
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.lookup import current_tenant
from ledger.models import CustomerBalance
from ledger.reservations import free
from ledger.services import lock_balance
from orders import rules
from orders.hindrances import check_method, check_not_blocked
from orders.models import Order, OrderLine, OrderSource, Quote
from orders.rules import OrderedLine
from orders.selectors import credit_used, pays_when_ordered, states_tax
from orders.services.card_events import accept
from orders.services.numbers import next_order_number
from orders.services.pieces import Piece, check_quote, pieces_of_lines, pieces_of_quote
from orders.services.reserving import claim_deposit
from payments.models import Card, CardPayment, CardPaymentState, CardPurpose
from payments.services.cards import collect, intend


@dataclass(frozen=True)
class _Request:
    """What was asked for, as it is stored."""

    customer: Customer
    member: Member | None
    method: str
    card: Card | None
    quote: Quote | None
    submission: UUID | None
    purchase_order_number: str
    comment: str
    source: str
    fingerprint: str


@dataclass(frozen=True)
class _Terms:
    """The day of the order, and the policy of that day (X10)."""

    day: date
    version: PolicyVersion
    policy: BillingPolicy


def place_order(
    *,
    customer: Customer,
    member: Member | None,
    lines: Sequence[OrderedLine],
    payment_method: str | None = None,
    card: Card | None = None,
    quote: Quote | None = None,
    submission: UUID | None = None,
    purchase_order_number: str = "",
    comment: str = "",
    source: str = OrderSource.PANEL,
) -> Order:
    """Orders products at today's prices; the ordering member is mailed.

    The addressee is the accounting contact as it stands now (A7). `payment_method` is by default the
    customer's; by credit card it names a saved `card`. A debit card is charged at once, outside of a
    transaction (A3); an order by deposit reserves its total (A15). A form that is sent twice with the same
    `submission` is one order, which is returned again. Of a `quote` the order takes lines and prices, once.

    Raises Refusal `not_permitted`, `already_decided`, `quote_expired`, `customer_blocked`, `discontinued`,
    `inquiry_required`, `method_not_offered`, `not_supported_yet`, `later_payment_not_allowed`,
    `invalid_input`, `card_prepaid`, `card_declined`, `credit_limit_exceeded` or `insufficient_deposit`.
    """
    with tenant_context(customer.tenant_id):
        order = _place(
            customer,
            member,
            lines,
            payment_method,
            card,
            quote,
            submission,
            purchase_order_number,
            comment,
            source,
        )
        payment = _charge_of(order)
    if payment is None:
        return order
    if payment.state == CardPaymentState.INTENDED:
        payment = collect(payment)
    if payment.state == CardPaymentState.FAILED:
        raise Refusal(Code.CARD_DECLINED)
    with tenant_context(customer.tenant_id):
        fresh: Order = Order.objects.get(pk=order.pk)
        return fresh


@transaction.atomic
def _place(
    customer: Customer,
    member: Member | None,
    lines: Sequence[OrderedLine],
    payment_method: str | None,
    card: Card | None,
    quote: Quote | None,
    submission: UUID | None,
    purchase_order_number: str,
    comment: str,
    source: str,
) -> Order:
    # The customer's turn: the credit used cannot change under our eyes (S6), nor can it leave.
    balance = lock_balance(customer.pk)
    customer = Customer.objects.get(pk=customer.pk)
    member = as_it_stands(member)
    _check_buyer(customer, member)
    request = _Request(
        customer,
        member,
        payment_method or customer.payment_method,
        card,
        quote,
        submission,
        purchase_order_number.strip(),
        comment.strip(),
        source,
        _fingerprint(
            lines,
            payment_method,
            card and str(card.public_id),
            purchase_order_number,
            comment,
            quote and quote.number,
        ),
    )
    rules.check_remarks(purchase_order_number=request.purchase_order_number, comment=request.comment)
    if earlier := _placed_before(request):
        return earlier
    if quote is not None:
        check_quote(quote, customer)
    check_not_blocked(customer)
    terms = _terms_today()
    pieces = pieces_of_quote(quote) if quote else pieces_of_lines(lines)
    check_method(customer, request.method, terms.policy)
    rules.check_card(request.method, card, customer.pk)
    total = _total(pieces, terms)
    _check_money(request, balance, total, terms)
    order = _write(request, terms, pieces)
    record("order_placed", order, total=total, lines=len(pieces), payment_method=request.method)
    _begin_payment(order, balance, total)
    return order


def _check_buyer(customer: Customer, member: Member | None) -> None:
    if not customer.is_active:
        raise Refusal(Code.NOT_PERMITTED, _("This company is no longer a customer, so it cannot order."))
    if member is None:
        return
    belongs = member.customer_id == customer.pk and member.is_active
    if not belongs or not may(member.roles, Right.ORDER):
        raise Refusal(Code.NOT_PERMITTED)


def _fingerprint(lines: Sequence[OrderedLine], *others: Any) -> str:
    content = json.dumps([[asdict(line) for line in lines], *others])
    return hashlib.sha256(content.encode()).hexdigest()


def _placed_before(request: _Request) -> Order | None:
    """The order this form has become already; a form that says something else now is refused."""
    if request.submission is None:
        return None
    order: Order | None = Order.objects.filter(submission=request.submission).first()
    if order and (order.customer_id, order.fingerprint) != (request.customer.pk, request.fingerprint):
        raise Refusal(
            Code.INVALID_INPUT,
            _("This form has already become an order. Open a new order form to order something else."),
        )
    return order


def _terms_today() -> _Terms:
    today = clock.today(current_tenant().zone)
    version = policy_version_on(today)
    return _Terms(today, version, policy_of(version))


def _total(pieces: Sequence[Piece], terms: _Terms) -> int:
    """The order's total with tax, in yen."""
    amounts = [(TaxCategory(each.product.tax_category), each.amount) for each in pieces]
    return rules.total_of(rules.order_sums(amounts, terms.policy, terms.day, taxed=states_tax()))


def _check_money(request: _Request, balance: CustomerBalance, total: int, terms: _Terms) -> None:
    """Holds the order against the credit limit of those who pay later (S6), or the free deposit (A15)."""
    limit = request.customer.credit_limit
    if request.method in rules.LATER_METHODS and limit is not None:
        used = credit_used(request.customer, terms.policy, terms.day)
        rules.check_credit(limit=limit, used=used, total=total)
    if request.method == PaymentMethod.DEPOSIT:
        rules.check_deposit(free=free(balance), total=total)


def _begin_payment(order: Order, balance: CustomerBalance, total: int) -> None:
    """Deposit is claimed; a debit card is to be charged, and the order is accepted once it is."""
    if order.payment_method in (PaymentMethod.DEPOSIT, PaymentMethod.ADVANCE_TRANSFER):
        claim_deposit(order, balance)
    if order.card is not None and total and pays_when_ordered(order):
        intend(
            card=order.card,
            amount=total,
            purpose=CardPurpose.ORDER,
            reference=order.pk,
            order_number=order.number,
        )
    else:
        accept(order)


def _charge_of(order: Order) -> CardPayment | None:
    """What a debit card is or was charged with for the order."""
    found = CardPayment.objects.filter(purpose=CardPurpose.ORDER, reference=order.pk)
    payment: CardPayment | None = found.order_by("-pk").first()
    return payment


def _write(request: _Request, terms: _Terms, pieces: Sequence[Piece]) -> Order:
    order: Order = Order.objects.create(
        number=next_order_number(terms.day.year),
        source=request.source,
        customer=request.customer,
        member=request.member,
        addressee=addressee_of(request.customer),
        policy_version=terms.version,
        payment_method=request.method,
        card=request.card,
        quote=request.quote,
        placed_at=clock.now(),
        ordered_on=terms.day,
        last_delivery_on=rules.last_delivery_day(terms.day, terms.policy),
        purchase_order_number=request.purchase_order_number,
        comment=request.comment,
        submission=request.submission,
        fingerprint=request.fingerprint,
    )
    OrderLine.objects.bulk_create(
        _line(order, position, piece) for position, piece in enumerate(pieces, start=1)
    )
    return order


def _line(order: Order, position: int, piece: Piece) -> OrderLine:
    product = piece.product
    return OrderLine(
        order=order,
        position=position,
        product=product,
        sku=product.sku,
        description=product.name,
        quantity=piece.quantity,
        unit=product.unit,
        unit_price=piece.unit_price,
        tax_category=product.tax_category,
    )

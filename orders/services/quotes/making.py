"""Making a quote: prices, tax, expiry and number are fixed in one transaction, and it is mailed after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Member
from accounts.policy.choices import PriceEntry, TaxCategory
from accounts.rules import Right, may
from accounts.selectors import as_it_stands, contact_of, policy_on
from accounts.services import addressee_of
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.outbox.services import enqueue
from billing_project.tenancy.context import current_tenant_id
from billing_project.tenancy.lookup import current_tenant
from invoices import conformity
from invoices.services.issuer import issuer_snapshot
from invoices.tax import TaxSum, rate_on
from orders import quote_rules, rules
from orders.models import Product, Quote, QuoteLine, QuoteRequest, QuoteTax
from orders.quote_rules import QuotedLine
from orders.selectors import states_tax
from orders.services.quotes.files import content_of_quote

QUOTE_MADE = "quote_made"

_NEXT = """
INSERT INTO orders_quotecounter AS counter (tenant_id, year, last) VALUES (%s, %s, 1)
ON CONFLICT (tenant_id, year) DO UPDATE SET last = counter.last + 1 RETURNING last
"""


@dataclass(frozen=True, slots=True)
class _Priced:
    product: Product
    quantity: int
    unit_price: int

    @property
    def amount(self) -> int:
        return self.quantity * self.unit_price


@transaction.atomic
def make_quote(
    *,
    customer: Customer,
    lines: Sequence[QuotedLine],
    member: Member | None = None,
    by_operator: bool = False,
    request: QuoteRequest | None = None,
    note: str = "",
) -> Quote:
    """A quote at today's catalogue prices, or by an operator at prices of his own; mailed to who asked.

    Raises Refusal `not_permitted`, `discontinued`, `inquiry_required` (not for an operator),
    `invalid_input` or `not_conforming`.
    """
    customer, member = Customer.objects.get(pk=customer.pk), as_it_stands(member)
    _check_asker(customer, member)
    quote_rules.check_lines(lines, by_operator=by_operator)
    quote_rules.check_note(note)
    priced = [_priced(line, by_operator=by_operator) for line in lines]
    now = clock.now()
    today = clock.today(current_tenant().zone)
    policy = policy_on(today)
    until = quote_rules.valid_until(now, policy)
    amounts = [(TaxCategory(line.product.tax_category), line.amount) for line in priced]
    sums = rules.order_sums(amounts, policy, today, taxed=states_tax())
    serial = _next_serial(today.year)
    quote: Quote = Quote.objects.create(
        number=f"QT-{today.year}-{serial:06}",
        year=today.year,
        serial=serial,
        customer=customer,
        member=member,
        request=request,
        addressee=addressee_of(customer),
        issuer=issuer_snapshot(),
        by_operator=by_operator,
        recipient=_recipient(customer, member, request),
        made_at=now,
        issued_on=today,
        valid_until=until,
        tax_inclusive=policy.price_entry == PriceEntry.TAX_INCLUSIVE,
        net_total=sum(each.net for each in sums),
        tax_total=sum(each.tax for each in sums),
        total=rules.total_of(sums),
        note=note.strip(),
    )
    _write(quote, priced, sums)
    conformity.refuse(conformity.problems_of(content_of_quote(quote), policy.tax_rounding))
    record("quote_made", quote, total=quote.total, lines=len(priced), by_operator=by_operator)
    enqueue(occasion=f"{QUOTE_MADE}:{quote.pk}", kind=QUOTE_MADE, reference=quote.pk)
    return quote


@transaction.atomic
def mail_quote_again(*, quote: Quote) -> None:
    """A new occasion, so that the mail is sent; earlier links stay as they are."""
    occasion = f"{QUOTE_MADE}:{quote.pk}:{clock.now().isoformat()}"
    enqueue(occasion=occasion, kind=QUOTE_MADE, reference=quote.pk)
    record("quote_mailed_again", quote)


def _check_asker(customer: Customer, member: Member | None) -> None:
    if not customer.is_active:
        raise Refusal(Code.NOT_PERMITTED, _("This company is no longer a customer."))
    if member is None:
        return
    belongs = member.customer_id == customer.pk and member.is_active
    if not belongs or not may(member.roles, Right.ORDER):
        raise Refusal(Code.NOT_PERMITTED)


def _priced(line: QuotedLine, *, by_operator: bool) -> _Priced:
    product: Product | None = Product.objects.filter(sku=line.sku).first()
    if product is None:
        raise Refusal(
            Code.INVALID_INPUT, _("There is no product %(sku)s. Choose one of the catalogue."), sku=line.sku
        )
    rules.check_sellable(
        product.name,
        discontinued=product.discontinued,
        inquiry_required=product.inquiry_required and not by_operator,
    )
    price = product.unit_price if line.unit_price is None else line.unit_price
    return _Priced(product, line.quantity, price)


def _recipient(customer: Customer, member: Member | None, request: QuoteRequest | None) -> str:
    """Who asked; for an operator's own offer the accounting contact."""
    if request is not None:
        return request.email
    return str(member.user.email) if member else contact_of(customer).email


def _write(quote: Quote, priced: Sequence[_Priced], sums: Sequence[TaxSum]) -> None:
    taxed = states_tax()
    QuoteLine.objects.bulk_create(
        QuoteLine(
            quote=quote,
            position=position,
            product=line.product,
            sku=line.product.sku,
            description=line.product.name,
            quantity=line.quantity,
            unit=line.product.unit,
            unit_price=line.unit_price,
            amount=line.amount,
            tax_category=line.product.tax_category,
            tax_rate=rate_on(TaxCategory(line.product.tax_category), quote.issued_on) if taxed else None,
        )
        for position, line in enumerate(priced, start=1)
    )
    QuoteTax.objects.bulk_create(
        QuoteTax(quote=quote, tax_category=each.category, tax_rate=each.rate, net=each.net, tax=each.tax)
        for each in sums
    )


def _next_serial(year: int) -> int:
    """Locks the year's counter to the end of the transaction; a rollback gives the number back (X2)."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [current_tenant_id(), year])
        return int(cursor.fetchone()[0])

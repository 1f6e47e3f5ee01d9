"""What a closing asks in SQL and what `invoices.conformity` says of the same documents are one."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Addressee, Customer, Tenant
from accounts.policy.choices import PriceEntry, TaxCategory
from accounts.services import addressee_of
from billing_project.money import Rounding
from billing_project.tenancy.context import current_tenant_id, tenant_context
from invoices.conformity import BLANKS, Item, problems_of
from invoices.rendering.content import Kind, Line, PrintedDocument
from invoices.rendering.samples import ADDRESSEE, ISSUER
from invoices.services.issuing import checks
from invoices.tax import TaxLine, rate_on, summarise
from tests.factories import make_customer
from tests.invoices.shop import make_shop

ASKED_IN_SQL = {
    Item.DESCRIPTION,
    Item.ORIGINAL_SUPPLY_DATE,
    Item.RATE,
    Item.AMOUNT,
    Item.NET,
    Item.TAX,
    Item.TOTAL,
    Item.RECIPIENT,
}
DAYS = (date(2026, 10, 15), date(2019, 10, 1))


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**9), st.sampled_from(PriceEntry), st.sampled_from(Rounding))
def test_sql_and_python_find_the_same(seed: int, pricing: PriceEntry, rounding: Rounding) -> None:
    chance = random.Random(seed)
    document = _blemished(chance, _document(chance, pricing, rounding))
    found = {problem.item for problem in problems_of(document, rounding)}
    assert _in_sql(document, rounding) == found & ASKED_IN_SQL


def _document(chance: random.Random, pricing: PriceEntry, rounding: Rounding) -> PrintedDocument:
    lines = tuple(_line(chance) for _ in range(chance.randint(1, 6)))
    taxed = [_taxed(line) for line in lines]
    taxes = tuple(summarise(taxed, pricing, rounding))
    total = sum(tax.gross for tax in taxes)
    return PrintedDocument(
        kind=Kind.INVOICE,
        title="",
        number="X",
        issued_on=date(2026, 11, 1),
        issuer=ISSUER,
        addressee=ADDRESSEE,
        lines=lines,
        taxes=taxes,
        pricing=pricing,
        total=total,
        amount_to_pay=total,
    )


def _line(chance: random.Random) -> Line:
    day, category = chance.choice(DAYS), chance.choice(list(TaxCategory))
    quantity, price = chance.choice([-2, 1, 3]), chance.randint(0, 999)
    return Line(
        description="品",
        supplied_on=day,
        original_supplied_on=day if quantity < 0 else None,
        quantity=quantity,
        unit_price=price,
        amount=quantity * price,
        tax_category=category,
        tax_rate=rate_on(category, day),
    )


def _taxed(line: Line) -> TaxLine:
    assert line.tax_category is not None
    assert line.supplied_on is not None
    return TaxLine(line.tax_category, line.amount, line.supplied_on)


def _blemished(chance: random.Random, document: PrintedDocument) -> PrintedDocument:
    """Nothing wrong, or one or two things."""
    for _ in range(chance.randint(0, 2)):
        document = chance.choice(_BLEMISHES)(chance, document)
    return document


def _on_a_line(**change: Any) -> Any:
    def blemish(chance: random.Random, document: PrintedDocument) -> PrintedDocument:
        place = chance.randrange(len(document.lines))
        lines = list(document.lines)
        lines[place] = replace(lines[place], **change)
        return replace(document, lines=tuple(lines))

    return blemish


def _on_a_tax(name: str) -> Any:
    def blemish(chance: random.Random, document: PrintedDocument) -> PrintedDocument:
        taxes = list(document.taxes)
        place = chance.randrange(len(taxes))
        taxes[place] = replace(taxes[place], **{name: getattr(taxes[place], name) + chance.choice([-1, 1])})
        return replace(document, taxes=tuple(taxes))

    return blemish


_BLEMISHES = [
    _on_a_line(description=" \u3000\x07"),
    _on_a_line(original_supplied_on=None),
    _on_a_line(tax_rate=5),
    _on_a_line(amount=1),
    _on_a_line(supplied_on=date(2019, 9, 30), original_supplied_on=None, quantity=1),
    _on_a_tax("net"),
    _on_a_tax("tax"),
    lambda _chance, document: replace(document, total=document.total + 1),
    lambda _chance, document: replace(document, addressee=replace(document.addressee, company="\u200b")),
]

_TABLES = """
CREATE TEMP TABLE issue_line ON COMMIT DROP AS SELECT * FROM json_to_recordset(%(lines)s::json) AS line (
    document bigint, description text, quantity int, unit_price bigint, amount bigint, tax_category text,
    tax_rate smallint, transaction_date date, original_on date);
CREATE TEMP TABLE issue_tax ON COMMIT DROP AS SELECT * FROM json_to_recordset(%(taxes)s::json) AS tax (
    document bigint, tax_category text, tax_rate smallint, net bigint, tax bigint);
CREATE TEMP TABLE issue_document ON COMMIT DROP AS SELECT 1::bigint AS document, 'invoice' AS kind,
    %(customer)s::bigint AS customer_id, %(addressee)s::bigint AS addressee_id,
    %(inclusive)s AS tax_inclusive, %(total)s::bigint AS total,
    (SELECT sum(net) FROM issue_tax) AS net, (SELECT sum(tax) FROM issue_tax) AS tax
"""


def _in_sql(document: PrintedDocument, rounding: Rounding) -> set[Item]:
    shop, customer = _a_shop()
    with tenant_context(shop), connection.cursor() as cursor:
        cursor.execute(_TABLES, _rows(document, customer))
        asked: dict[str, Any] = {"charges_tax": True, "rounding": rounding, "returns_of": None}
        cursor.execute(checks.FOUND, {**asked, "tenant": current_tenant_id(), "blanks": BLANKS})
        found = {Item(row[0]) for row in cursor.fetchall()}
        cursor.execute("DROP TABLE issue_line, issue_tax, issue_document")
    return found


def _rows(document: PrintedDocument, customer: Customer) -> dict[str, Any]:
    lines = [
        {
            "document": 1,
            "description": line.description,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "amount": line.amount,
            "tax_category": line.tax_category,
            "tax_rate": line.tax_rate,
            "transaction_date": str(line.supplied_on),
            "original_on": line.original_supplied_on and str(line.original_supplied_on),
        }
        for line in document.lines
    ]
    taxes = [
        {"document": 1, "tax_category": tax.category, "tax_rate": tax.rate, "net": tax.net, "tax": tax.tax}
        for tax in document.taxes
    ]
    return {
        "lines": json.dumps(lines),
        "taxes": json.dumps(taxes),
        "customer": customer.pk,
        "addressee": _addressee(customer, document.addressee.company),
        "inclusive": document.pricing == PriceEntry.TAX_INCLUSIVE,
        "total": document.total,
    }


def _addressee(customer: Customer, company: str) -> int:
    found = Addressee.objects.get_or_create(customer=customer, company_name=company)[0]
    return int(found.pk)


@cache
def _a_shop() -> tuple[Tenant, Customer]:
    """Examples share a tenant and a customer."""
    shop = make_shop()
    with tenant_context(shop):
        customer = make_customer()
        addressee_of(customer)
    return shop, customer

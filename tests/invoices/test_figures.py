"""Tax through SQL: the worked numbers, and the same as `invoices.tax` for all numbers (X9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Tenant
from accounts.policy.choices import PriceEntry, TaxCategory
from billing_project.money import Rounding
from billing_project.tenancy.context import tenant_context
from invoices.models import Document, DocumentKind
from invoices.services.charges import reverse_charge
from invoices.services.issuing import Terms, figures, issue_documents_of_charges
from invoices.tax import TaxLine, TaxSum, summarise, summarise_return
from tests.factories import make_customer
from tests.invoices.shop import (
    assert_books_are_right,
    at,
    charge,
    close_and_issue,
    documents,
    make_shop,
    taxes,
)

DAY = date(2026, 10, 15)
S, R = "standard", "reduced"

WORKED: list[tuple[str, bool, list[tuple[str, list[int]]], dict[str, tuple[int, int]]]] = [
    ("floor", False, [(S, [105] * 3)], {S: (315, 31)}),
    ("half_up", False, [(S, [105] * 3)], {S: (315, 32)}),
    ("ceil", False, [(S, [105] * 3)], {S: (315, 32)}),
    ("floor", True, [(S, [60_000]), (R, [40_000])], {S: (54_546, 5_454), R: (37_038, 2_962)}),
    (
        "floor",
        False,
        [(S, [11_345, 12_549]), (R, [9_987, 12_345])],
        {S: (23_894, 2_389), R: (22_332, 1_786)},
    ),
    ("floor", True, [(S, [88_000]), (R, [43_200])], {S: (80_000, 8_000), R: (40_000, 3_200)}),
    ("floor", True, [(S, [13_582] * 2)], {S: (24_695, 2_469)}),
    ("floor", True, [(R, [370] * 10)], {R: (3_426, 274)}),
    ("floor", False, [(S, [123, 234, 345])], {S: (702, 70)}),
    ("floor", True, [(S, [1_000])], {S: (910, 90)}),
]


@pytest.mark.parametrize(("rounding", "inclusive", "lines", "expected"), WORKED)
def test_worked_numbers(
    rounding: str, inclusive: bool, lines: list[tuple[str, list[int]]], expected: dict[str, tuple[int, int]]
) -> None:
    shop = make_shop(tax_rounding=rounding)
    with at(shop, "2026-10-15 10:00"):
        acme = make_customer()
        for tax, prices in lines:
            for price in prices:
                charge(acme, DAY, price, tax=tax, tax_inclusive=inclusive)
    with at(shop, "2026-11-01 07:00"):
        [invoice] = documents(close_and_issue())
        assert taxes(invoice) == expected
        assert invoice.net_total == sum(net for net, _tax in expected.values())
        assert invoice.tax_total == sum(tax for _net, tax in expected.values())
    assert_books_are_right(shop)


def test_notes_of_123_234_345_state_69_and_not_70() -> None:
    shop = make_shop()
    with at(shop, "2026-10-15 10:00"):
        acme = make_customer(pays="card")
        notes = [_issue([charge(acme, DAY, price)], DocumentKind.DELIVERY_NOTE) for price in (123, 234, 345)]
        assert [note.tax_total for note in notes] == [12, 23, 34]


amounts = st.integers(-(10**12), 10**12)
lines_of_a_document = st.lists(st.tuples(st.sampled_from(TaxCategory), amounts), min_size=1, max_size=8)


@settings(deadline=None)
@given(st.lists(lines_of_a_document, min_size=1, max_size=20), st.booleans(), st.sampled_from(Rounding))
def test_sql_and_python_agree(
    given_documents: list[list[tuple[TaxCategory, int]]], inclusive: bool, rounding: Rounding
) -> None:
    pricing = PriceEntry.TAX_INCLUSIVE if inclusive else PriceEntry.TAX_EXCLUSIVE
    with tenant_context(_a_shop()), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE issue_line ON COMMIT DROP AS SELECT * FROM unnest("
            "%s::bigint[], %s::text[], %s::smallint[], %s::bigint[], %s::boolean[]"
            ") AS line (document, tax_category, tax_rate, amount, tax_inclusive)",
            _columns(given_documents, inclusive),
        )
        cursor.execute(figures.TAXES, {"tenant": 0, "rounding": rounding, "returns_of": None})
        cursor.execute("SELECT document, tax_category, tax_rate, net, tax FROM issue_tax")
        found = set(cursor.fetchall())
        cursor.execute("DROP TABLE issue_line, issue_tax")
    expected = {
        (number, total.category.value, total.rate, total.net, total.tax)
        for number, lines in enumerate(given_documents)
        for total in summarise([TaxLine(c, amount, DAY) for c, amount in lines], pricing, rounding)
    }
    assert found == expected


def _columns(given_documents: list[list[tuple[TaxCategory, int]]], inclusive: bool) -> list[list[Any]]:
    rates = {TaxCategory.STANDARD: 10, TaxCategory.REDUCED: 8}
    rows = [
        (number, category.value, rates.get(category), amount, inclusive)
        for number, lines in enumerate(given_documents)
        for category, amount in lines
    ]
    return [list(column) for column in zip(*rows, strict=True)]


prices = st.lists(st.tuples(st.sampled_from([S, R, "exempt"]), st.integers(1, 99)), min_size=1, max_size=5)


@settings(deadline=None, max_examples=15)
@given(prices, st.booleans(), st.sampled_from(Rounding), st.data())
def test_returns_take_back_exactly_what_was_billed(
    sold: list[tuple[str, int]], inclusive: bool, rounding: Rounding, data: st.DataObject
) -> None:
    pricing = PriceEntry.TAX_INCLUSIVE if inclusive else PriceEntry.TAX_EXCLUSIVE
    with at(_a_shop(), "2026-10-15 10:00"):
        acme = make_customer(pays="card")
        charges = [charge(acme, DAY, price, tax=tax, tax_inclusive=inclusive) for tax, price in sold]
        note = _issue(charges, DocumentKind.DELIVERY_NOTE, rounding=rounding)
        waiting = list(data.draw(st.permutations(charges)))
        returned: list[Document] = []
        while waiting:
            size = data.draw(st.integers(1, len(waiting)))
            part, waiting = waiting[:size], waiting[size:]
            reversals = [reverse_charge(charge=each, on=DAY) for each in part]
            answer = _issue(reversals, DocumentKind.RETURN_INVOICE, rounding=rounding, original=note)
            lines = [TaxLine(TaxCategory(each.tax_category), each.amount, DAY) for each in reversals]
            before = [total for each in returned for total in _totals(each)]
            assert _totals(answer) == summarise_return(_totals(note), before, lines, pricing, rounding)
            returned.append(answer)
        assert sum(answer.total for answer in returned) == -note.total
    assert_books_are_right(_a_shop())


def test_no_return_takes_back_more_tax_than_is_left() -> None:
    # 3 × 1 yen at 10 %, rounded up: 1 yen of tax, which the first return takes whole.
    with at(_a_shop(), "2026-10-15 10:00"):
        acme = make_customer(pays="card")
        charges = [charge(acme, DAY, 1) for _ in range(3)]
        note = _issue(charges, DocumentKind.DELIVERY_NOTE, rounding=Rounding.CEIL)
        returned = [
            _issue(
                [reverse_charge(charge=each, on=DAY)],
                DocumentKind.RETURN_INVOICE,
                rounding=Rounding.CEIL,
                original=note,
            )
            for each in charges
        ]
        assert (note.tax_total, [answer.tax_total for answer in returned]) == (1, [-1, 0, 0])


def _totals(document: Document) -> list[TaxSum]:
    """The stored totals in the order of `summarise`."""
    rows = document.taxes.all()
    order = list(TaxCategory)
    totals = [TaxSum(TaxCategory(row.tax_category), row.tax_rate, row.net, row.tax) for row in rows]
    return sorted(totals, key=lambda total: order.index(total.category))


def _issue(
    charges: Sequence[Any], kind: DocumentKind, *, rounding: Rounding = Rounding.FLOOR, original: Any = None
) -> Document:
    terms = Terms(issued_on=DAY, rounding=rounding, apply_deposit=False, due_on={}, kind=kind)
    [document] = issue_documents_of_charges(charges=charges, terms=terms, original=original)
    return document


@cache
def _a_shop() -> Tenant:
    """Examples of a property share a tenant; each has a customer of its own."""
    return make_shop()

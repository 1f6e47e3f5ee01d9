"""What must be stated, by kind: each item left out once; and that nothing is issued without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from accounts.models import Issuer, Tenant
from accounts.policy.choices import PriceEntry, TaxCategory
from accounts.services import addressee_of
from billing_project.errors import Code, Refusal
from billing_project.money import Rounding
from invoices.conformity import Item, problems_of
from invoices.models import Closing, ClosingState, Document, LeftOut
from invoices.rendering.content import Kind, PrintedDocument
from invoices.services.issuing import checks
from invoices.tax import TaxSum
from tests.factories import make_customer
from tests.invoices.shop import at, charge, close_and_issue, make_shop
from tests.rendering.documents import (
    EVERY_KIND,
    corrected_invoice,
    delivery_note,
    inclusive_invoice,
    invoice,
    payment_statement,
    quote,
    return_invoice,
    unregistered_invoice,
    untaxed_invoice,
)

OCTOBER_15 = date(2026, 10, 15)


def items(document: PrintedDocument, rounding: Rounding = Rounding.FLOOR) -> list[Item]:
    return [problem.item for problem in problems_of(document, rounding)]


@pytest.mark.parametrize("make", EVERY_KIND, ids=lambda make: make.__name__)
def test_a_document_of_every_kind_conforms(make: Callable[[], PrintedDocument]) -> None:
    assert items(make()) == []


def first_line(document: PrintedDocument, **change: Any) -> PrintedDocument:
    first, *rest = document.lines
    return replace(document, lines=(replace(first, **change), *rest))


def first_tax(document: PrintedDocument, **change: Any) -> PrintedDocument:
    first, *rest = document.taxes
    return replace(document, taxes=(replace(first, **change), *rest))


def issued_by(document: PrintedDocument, **change: Any) -> PrintedDocument:
    return replace(document, issuer=replace(document.issuer, **change))


def to(document: PrintedDocument, company: str) -> PrintedDocument:
    return replace(document, addressee=replace(document.addressee, company=company))


BLEMISHES: list[tuple[PrintedDocument, Item]] = [
    *[(issued_by(make(), name="　"), Item.ISSUER_NAME) for make in EVERY_KIND],
    *[(to(make(), " \u200b"), Item.RECIPIENT) for make in EVERY_KIND],
    *[(replace(make(), number=""), Item.NUMBER) for make in EVERY_KIND],
    *[(first_line(make(), description="\x07"), Item.DESCRIPTION) for make in EVERY_KIND],
    *[(replace(make(), total=make().total + 1), Item.TOTAL) for make in EVERY_KIND],
    (issued_by(invoice(), registration_number="T123456789012"), Item.REGISTRATION_NUMBER),
    (issued_by(delivery_note(), registration_number="1234567890123"), Item.REGISTRATION_NUMBER),
    (issued_by(unregistered_invoice(), registration_number="T1234567890123"), Item.REGISTRATION_NUMBER),
    (first_line(delivery_note(), supplied_on=None), Item.SUPPLY_DATE),
    (first_line(return_invoice(), supplied_on=None), Item.SUPPLY_DATE),
    (first_line(return_invoice(), original_supplied_on=None), Item.ORIGINAL_SUPPLY_DATE),
    (first_line(payment_statement(), reference=""), Item.REFERENCE),
    (first_line(payment_statement(), supplied_on=None), Item.SUPPLY_DATE),
    (replace(corrected_invoice(), references=()), Item.REFERENCE),
    (replace(corrected_invoice(), reason=" "), Item.REASON),
    (replace(quote(), due_on=None), Item.VALID_UNTIL),
    (replace(invoice(), title="請求書"), Item.TITLE),
    (replace(untaxed_invoice(), title="請求書(適格請求書)"), Item.TITLE),
    (first_line(invoice(), tax_rate=None), Item.RATE),
    (first_line(invoice(), tax_rate=8), Item.RATE),
    (first_line(invoice(), supplied_on=date(2019, 9, 30)), Item.RATE),
    (first_line(invoice(), quantity=2), Item.AMOUNT),
    (replace(invoice(), taxes=invoice().taxes[1:]), Item.NET),
    (first_tax(invoice(), net=23_893), Item.NET),
    (first_tax(invoice(), tax=2_390), Item.TAX),
    (first_tax(inclusive_invoice(), net=24_694, tax=2_470), Item.TAX),
    (replace(invoice(), amount_to_pay=50_024), Item.TO_PAY),
    (
        replace(unregistered_invoice(), taxes=(TaxSum(TaxCategory.STANDARD, 10, 54_546, 5_454),)),
        Item.TAX_STATED,
    ),
]


@pytest.mark.parametrize(("document", "item"), BLEMISHES)
def test_what_is_missing_is_named(document: PrintedDocument, item: Item) -> None:
    assert item in items(document)


def test_a_preview_has_no_number() -> None:
    assert items(replace(invoice(), number="", is_preview=True)) == []


def test_tax_per_line_is_refused() -> None:
    """105 × 3 at 10 %: 31, and 30 when each line is rounded down for itself."""
    third = replace(delivery_note().lines[0], unit_price=105, amount=105)
    document = replace(delivery_note(), lines=(third,) * 3, paid_at_issue=0)
    for tax, expected in ((31, []), (30, [Item.TAX])):
        sums = (TaxSum(TaxCategory.STANDARD, 10, 315, tax),)
        stated = replace(document, taxes=sums, total=315 + tax, amount_to_pay=315 + tax)
        assert items(stated) == expected
    assert items(stated, Rounding.HALF_UP) == [Item.TAX]


@pytest.fixture
def shop() -> Tenant:
    return make_shop()


def refused(issue: Callable[[], object]) -> list[dict[str, str]]:
    with pytest.raises(Refusal) as caught:
        issue()
    assert caught.value.code == Code.NOT_CONFORMING
    missing: list[dict[str, str]] = caught.value.details["missing"]
    return missing


def test_a_closing_of_which_very_many_are_wrong_names_them_and_issues_nothing(
    shop: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then it is no matter of single customers, who would be left out."""
    monkeypatch.setattr(checks, "MOST_LEFT_OUT", 1)
    with at(shop, "2026-10-15 10:00"):
        charge(make_customer("株式会社整然"), OCTOBER_15, 1_000)
        second = make_customer("乙")
        charge(second, OCTOBER_15, 1_000, description="\u3000")
        acme = make_customer("株式会社アクメ")
        nameless = addressee_of(acme)
        nameless.pk, nameless.company_name = None, "\u3000"
        nameless.save(force_insert=True)
        charge(acme, OCTOBER_15, 1_000, addressee=nameless)
        charge(acme, OCTOBER_15, 1_000, addressee=nameless, description=" ")
    with at(shop, "2026-11-01 07:00"):
        missing = refused(close_and_issue)
        assert [(each["item"], each["customer"]) for each in missing] == [
            ("description", f"乙 ({second.code})"),
            ("description", f"株式会社アクメ ({acme.code})"),
            ("recipient", f"株式会社アクメ ({acme.code})"),
        ]
    with at(shop, "2026-11-01 07:00"):
        assert (Document.objects.count(), Closing.objects.get().state) == (0, ClosingState.CLOSED)
        assert not LeftOut.objects.exists()


@pytest.mark.parametrize(
    ("change", "item"),
    [({"name": " "}, "issuer_name"), ({"registration_number": "T12345"}, "registration_number")],
)
def test_an_issuer_that_is_not_complete_issues_nothing(
    shop: Tenant, change: dict[str, str], item: str
) -> None:
    with at(shop, "2026-10-15 10:00"):
        charge(make_customer(), OCTOBER_15, 1_000)
        Issuer.objects.update(**change)
    with at(shop, "2026-11-01 07:00"):
        assert [each["item"] for each in refused(close_and_issue)] == [item]


def test_kinds_and_pricing_are_all_there() -> None:
    assert {make().kind for make in EVERY_KIND} == set(Kind)
    assert {make().pricing for make in EVERY_KIND} == set(PriceEntry)

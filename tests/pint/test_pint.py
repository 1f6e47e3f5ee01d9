"""JP PINT: each kind conforms to the official rules and to our own checks, and says what the paper says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from accounts.policy.choices import PriceEntry, TaxCategory
from billing_project.money import Rounding
from invoices.pint import problems_of, write_pint
from invoices.pint.nets import line_nets
from invoices.pint.official import OfficialRules
from invoices.rendering.content import Kind, PrintedDocument
from invoices.tax import TaxLine, rate_on, summarise
from tests.rendering.documents import EVERY_KIND, invoice, line, quote
from tests.shared import shared

SPACES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
ISSUED = [make for make in EVERY_KIND if make is not quote]


@pytest.fixture(scope="module")
def rules() -> OfficialRules:
    return OfficialRules(shared("data/jp_pint"))


@pytest.mark.parametrize("make", ISSUED, ids=lambda make: make.__name__)
def test_each_kind_conforms(make: Callable[[], PrintedDocument], rules: OfficialRules) -> None:
    xml = write_pint(make())
    assert rules.problems_of(xml) == []
    assert problems_of(xml) == []


def test_the_official_examples_conform(rules: OfficialRules) -> None:
    examples = sorted(shared("data/jp_pint/examples").glob("*.xml"))
    assert len(examples) >= 8
    for example in examples:
        assert rules.problems_of(example.read_bytes()) == [], example.name


def text(xml: bytes, path: str) -> list[str | None]:
    return [found.text for found in etree.fromstring(xml).iterfind(path, SPACES)]


def test_the_figures_of_a_monthly_invoice() -> None:
    document = invoice()
    xml = write_pint(document)
    assert text(xml, "cbc:ID") == [document.number]
    assert text(xml, "cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount") == [str(document.total)]
    assert text(xml, "cac:LegalMonetaryTotal/cbc:PayableAmount") == [str(document.amount_to_pay)]
    assert text(xml, "cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount") == [str(tax.tax) for tax in document.taxes]
    assert text(xml, "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID")[0] == "0001:005:1:1234567"


def test_a_return_has_negative_quantities_positive_prices_and_names_the_original() -> None:
    made = {make.__name__: make for make in ISSUED}["return_invoice"]()
    xml = write_pint(made)
    assert all(str(each).startswith("-") for each in text(xml, "cac:InvoiceLine/cbc:InvoicedQuantity"))
    assert not any(
        str(each).startswith("-") for each in text(xml, "cac:InvoiceLine/cac:Price/cbc:PriceAmount")
    )
    assert text(xml, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID") == [
        made.references[0].number
    ]


def test_a_seller_that_is_not_registered_writes_an_invoice_out_of_scope() -> None:
    made = {make.__name__: make for make in ISSUED}["unregistered_invoice"]()
    xml = write_pint(made)
    assert text(xml, "cbc:CustomizationID") == ["urn:peppol:pint:nontaxinvoice-1@jp-1"]
    assert text(xml, "cbc:InvoiceTypeCode") == ["480"]
    assert b"<cbc:Percent>" not in xml


def test_a_seller_that_is_not_registered_and_charges_tax_states_sums_with_tax(rules: OfficialRules) -> None:
    """33,000 with tax of 3,000, and 1,080 with tax of 80: nothing of it is tax that the buyer may deduct."""
    issuer = replace(small().issuer, registration_number=None)
    xml = write_pint(replace(small(), issuer=issuer))
    assert text(xml, "cac:InvoiceLine/cbc:LineExtensionAmount") == ["33000", "1080"]
    assert text(xml, "cac:TaxTotal/cbc:TaxAmount") == ["0"]
    assert text(xml, "cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount") == ["34080"]
    assert rules.problems_of(xml) == problems_of(xml) == []


def test_quotes_and_previews_are_not_written() -> None:
    for made in (quote(), replace(invoice(), is_preview=True)):
        with pytest.raises(ValueError, match="issued"):
            write_pint(made)


def test_texts_are_never_markup_and_hold_what_xml_can_hold() -> None:
    named = replace(invoice().lines[0], description="<b>A&B</b>\x00\ud800髙﨑𠮟")
    xml = write_pint(replace(invoice(), lines=(named, *invoice().lines[1:])))
    assert text(xml, "cac:InvoiceLine/cac:Item/cbc:Name")[0] == "<b>A&B</b>髙﨑𠮟"


class TestWhatTheRulesLetPass:
    """Each change of a good document is found."""

    @pytest.mark.parametrize(
        ("old", "new", "found"),
        [
            (b">30000</cbc:LineExtensionAmount>", b">30000.5</cbc:LineExtensionAmount>", "whole number"),
            (
                b'<cbc:PriceAmount currencyID="JPY">30000<',
                b'<cbc:PriceAmount currencyID="JPY">29999<',
                "is not",
            ),
            (b"<cbc:Percent>8</cbc:Percent>", b"<cbc:Percent>9</cbc:Percent>", "no breakdown"),
            (b"<cac:TaxSubtotal>", b"<cac:Other>", "not XML"),
        ],
    )
    def test_it_is_named(self, old: bytes, new: bytes, found: str) -> None:
        xml = write_pint(small())
        assert problems_of(xml) == []
        assert old in xml
        assert any(found in problem for problem in problems_of(xml.replace(old, new, 1)))

    def test_a_missing_breakdown(self) -> None:
        root = etree.fromstring(write_pint(small()))
        for total in root.findall("cac:TaxTotal/cac:TaxSubtotal", SPACES):
            total.getparent().remove(total)
        assert problems_of(etree.tostring(root)) == ["There is no tax breakdown."]

    def test_two_breakdowns_of_one_rate(self) -> None:
        root = etree.fromstring(write_pint(small()))
        total = root.find("cac:TaxTotal", SPACES)
        total.append(etree.fromstring(etree.tostring(total.find("cac:TaxSubtotal", SPACES))))
        assert "There are 2 breakdowns of category S at 10 %." in problems_of(etree.tostring(root))

    def test_an_entity_is_not_opened(self, tmp_path: Path) -> None:
        secret = tmp_path / "secret"
        secret.write_text("hidden")
        bomb = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]><x currencyID="JPY">&e;</x>'
        assert "hidden" not in " ".join(problems_of(bomb.encode()))


def small() -> PrintedDocument:
    """30,000 at 10 % and 1,000 at 8 %."""
    lines = (
        line("証明書", 30_000),
        line("水", 1_000, category=TaxCategory.REDUCED, rate=8),
    )
    return _document(lines, PriceEntry.TAX_EXCLUSIVE)


def _document(lines: tuple[object, ...], pricing: PriceEntry) -> PrintedDocument:
    taxes = tuple(
        summarise(
            [TaxLine(each.tax_category, each.amount, each.supplied_on) for each in lines],  # type: ignore[attr-defined]
            pricing,
            Rounding.FLOOR,
        )
    )
    total = sum(tax.gross for tax in taxes)
    return replace(
        invoice(),
        lines=lines,  # type: ignore[arg-type]
        taxes=taxes,
        pricing=pricing,
        total=total,
        amount_to_pay=total,
        period=None,
        carried_over=0,
        deposit_applied=0,
    )


_LINES = st.lists(
    st.tuples(
        st.integers(1, 99_999),
        st.integers(1, 50),
        st.sampled_from([TaxCategory.STANDARD, TaxCategory.REDUCED, TaxCategory.EXEMPT, TaxCategory.ZERO]),
    ),
    min_size=1,
    max_size=12,
)


@given(_LINES, st.sampled_from(list(PriceEntry)), st.booleans())
@settings(max_examples=150, deadline=None)
def test_any_document_conforms_and_adds_up(
    wanted: list[tuple[int, int, TaxCategory]], pricing: PriceEntry, returned: bool
) -> None:
    day = invoice().issued_on
    lines = tuple(
        line(
            f"品{place}",
            price,
            quantity=-quantity if returned else quantity,
            category=category,
            rate=rate_on(category, day),
            day=day,
        )
        for place, (price, quantity, category) in enumerate(wanted)
    )
    document = _document(lines, pricing)
    if returned:
        document = replace(document, kind=Kind.RETURN_INVOICE)
    assert sum(line_nets(document)) == sum(tax.net for tax in document.taxes)
    assert problems_of(write_pint(document)) == []


@pytest.mark.parametrize(
    ("amounts", "nets"),
    [
        # 3 × 370 at 8 %: 1,110 − 82 = 1,028 net = 342.67 each: 343, 343, 342
        ((370, 370, 370), [343, 343, 342]),
        # 60,000 at 8 %: tax 4,444, net 55,556
        ((60_000,), [55_556]),
    ],
)
def test_inclusive_lines_get_nets_by_the_largest_remainder(amounts: tuple[int, ...], nets: list[int]) -> None:
    lines = tuple(line("水", each, category=TaxCategory.REDUCED, rate=8) for each in amounts)
    assert line_nets(_document(lines, PriceEntry.TAX_INCLUSIVE)) == nets

"""Corrected documents (X1): figures, ledger, payments, and two acts at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from accounts.models import Issuer, Tenant
from billing_project.errors import Code
from invoices.correction_rules import CorrectedAddressee, CorrectedLine
from invoices.models import Document, DocumentKind
from invoices.rendering import content_of
from invoices.services.correcting import correct_document, effect_of, preview_correction
from ledger.models import Account
from tests.invoices.corrections import (
    NOVEMBER_10,
    OCTOBER_15,
    REASON,
    accounts,
    balance,
    billed,
    lines_of,
    open_of,
    pay,
    priced,
    refused,
)
from tests.invoices.shop import at, moment, taxes
from tests.rivals import side_by_side


def test_a_corrected_document_restates_everything_and_names_what_it_replaces(shop: Tenant) -> None:
    invoice = billed(shop, 30_000, 10_000)
    with at(shop, "2026-11-10 10:00"):
        corrected = correct_document(document=invoice, lines=priced(invoice, 28_000, 10_000), reason=REASON)
        assert (corrected.kind, corrected.number) == (DocumentKind.CORRECTED_INVOICE, "COR-2026-000001")
        assert (corrected.original, corrected.reason) == (invoice, REASON)
        assert (corrected.issued_on, corrected.due_on) == (NOVEMBER_10, date(2026, 11, 30))
        assert taxes(corrected) == {"standard": (38_000, 3_800)}
        assert (corrected.total, corrected.to_pay) == (41_800, 41_800)
        assert [line.transaction_date for line in corrected.lines.all()] == [OCTOBER_15, OCTOBER_15]
        assert (open_of(invoice), open_of(corrected)) == (0, 41_800)
        # 44,000 booked, taken back, 41,800 booked.
        assert accounts() == {"receivable": 41_800, "sales": -38_000, "tax_payable": -3_800}
        [reference] = content_of(corrected).references
        assert reference.number == invoice.number


def test_the_ledger_gets_the_difference(shop: Tenant) -> None:
    invoice = billed(shop, 30_000)
    with at(shop, "2026-11-10 10:00"):
        effect = preview_correction(document=invoice, lines=priced(invoice, 28_000), reason=REASON)
        assert not Document.objects.filter(original=invoice).exists()
        made = effect_of(correct_document(document=invoice, lines=priced(invoice, 28_000), reason=REASON))
        assert effect == made
        assert (made.old_total, made.new_total, made.still_open) == (33_000, 30_800, 30_800)
        [rate] = made.rates
        assert (rate.old_net, rate.old_tax, rate.new_net, rate.new_tax) == (30_000, 3_000, 28_000, 2_800)
        assert {(each.account, each.amount) for each in made.ledger} == {
            (Account.RECEIVABLE, -2_200),
            (Account.SALES, 2_000),
            (Account.TAX_PAYABLE, 200),
        }


@pytest.mark.parametrize(
    ("paid", "price", "still_open", "deposit"),
    [
        (33_000, 28_000, 0, 2_200),  # 30,800 is asked for: 2,200 too much was paid
        (33_000, 40_000, 11_000, 0),
        (20_000, 28_000, 10_800, 0),
        (20_000, 10_000, 0, 9_000),
        (0, 28_000, 30_800, 0),
        (33_000, 0, 0, 33_000),
    ],
)
def test_what_was_paid_pays_the_corrected_document(
    shop: Tenant, paid: int, price: int, still_open: int, deposit: int
) -> None:
    invoice = billed(shop, 30_000)
    with at(shop, "2026-11-09 10:00"):
        pay(invoice, paid)
    with at(shop, "2026-11-10 10:00"):
        corrected = correct_document(document=invoice, lines=priced(invoice, price), reason=REASON)
        assert (open_of(corrected) if corrected.total else 0, balance(invoice.customer_id)) == (
            still_open,
            (still_open, deposit),
        )
        assert corrected.paid_at_issue == min(paid, corrected.total)
        assert corrected.to_pay == still_open


def test_free_deposit_pays_what_a_correction_asks_for_in_addition(shop: Tenant) -> None:
    invoice = billed(shop, 30_000)
    with at(shop, "2026-11-09 10:00"):
        pay(invoice, 40_000)
    with at(shop, "2026-11-10 10:00"):
        corrected = correct_document(document=invoice, lines=priced(invoice, 40_000), reason=REASON)
        assert (corrected.total, corrected.paid_at_issue, corrected.deposit_applied) == (
            44_000,
            33_000,
            7_000,
        )
        assert (corrected.to_pay, open_of(corrected)) == (4_000, 4_000)
        assert balance(invoice.customer_id) == (4_000, 0)
        assert effect_of(corrected).from_deposit == 7_000


@pytest.mark.parametrize(("price", "due_on"), [(40_000, date(2027, 2, 1)), (10_000, date(2026, 11, 30))])
def test_an_overdue_document_that_asks_for_more_gets_a_new_due_date(
    shop: Tenant, price: int, due_on: date
) -> None:
    """What is closed on 31 December is due on 31 January, a Sunday."""
    invoice = billed(shop, 30_000)
    with at(shop, "2026-12-10 10:00"):
        corrected = correct_document(document=invoice, lines=priced(invoice, price), reason=REASON)
        assert corrected.due_on == due_on


def test_names_of_the_addressee_are_mended(shop: Tenant) -> None:
    invoice = billed(shop, 30_000)
    with at(shop, "2026-11-10 10:00"):
        corrected = correct_document(
            document=invoice,
            lines=lines_of(invoice),
            reason="宛名の誤り",
            addressee=CorrectedAddressee(company_name="株式会社アクメ商事", department="経理部"),
        )
        assert (corrected.addressee.company_name, corrected.addressee.department) == (
            "株式会社アクメ商事",
            "経理部",
        )
        assert (invoice.addressee.company_name, corrected.total) == ("株式会社アクメ", invoice.total)


def test_a_wrong_registration_number_is_mended_without_a_change_of_lines(shop: Tenant) -> None:
    invoice = billed(shop, 30_000)
    with at(shop, "2026-11-10 10:00"):
        assert refused(invoice, lines_of(invoice)) == Code.NOTHING_CHANGED
        Issuer.objects.update(registration_number="T9876543210987")
        corrected = correct_document(document=invoice, lines=lines_of(invoice), reason="登録番号の誤り")
        assert corrected.issuer.content["registration_number"] == "T9876543210987"


def test_lines_are_added_dropped_and_dated_anew_at_the_rate_of_the_day(shop: Tenant) -> None:
    invoice = billed(shop, 30_000, 10_000)
    with at(shop, "2026-11-10 10:00"):
        first, _second = lines_of(invoice)
        old = replace(first, transaction_date=date(2019, 9, 30))
        water = CorrectedLine(
            description="飲料水",
            quantity=2,
            unit_price=1_000,
            tax_category="reduced",
            transaction_date=OCTOBER_15,
        )
        corrected = correct_document(document=invoice, lines=[old, water], reason="日付の誤り")
        rates = [(t.tax_category, t.tax_rate, t.net, t.tax) for t in corrected.taxes.order_by("tax_category")]
        assert rates == [("reduced", 8, 2_000, 160), ("standard", 8, 30_000, 2_400)]


def test_a_correction_is_corrected_again_and_the_newest_alone(shop: Tenant) -> None:
    invoice = billed(shop, 30_000)
    with at(shop, "2026-11-10 10:00"):
        first = correct_document(document=invoice, lines=priced(invoice, 28_000), reason=REASON)
        assert refused(invoice, priced(invoice, 27_000)) == Code.ALREADY_CORRECTED
        second = correct_document(document=first, lines=priced(first, 29_000), reason=REASON)
        assert (second.original, second.total, open_of(first), open_of(second)) == (first, 31_900, 0, 31_900)


def test_a_tax_exempt_seller_that_charges_tax_since_corrects_without_tax(shop: Tenant) -> None:
    with at(shop, "2026-10-01 00:00"):
        Issuer.objects.update(charges_tax=False, registration_number="")
    invoice = billed(shop, 30_000)
    with at(shop, "2026-11-10 10:00"):
        Issuer.objects.update(charges_tax=True, registration_number="T1234567890123")
        corrected = correct_document(document=invoice, lines=priced(invoice, 28_000), reason=REASON)
        assert (corrected.total, corrected.tax_total) == (28_000, 0)
        assert not content_of(corrected).states_tax
        assert content_of(corrected).title == "修正請求書"


def test_inclusive_prices_stay_inclusive(shop: Tenant) -> None:
    invoice = billed(shop, 13_582, 13_582, tax_inclusive=True)
    with at(shop, "2026-11-10 10:00"):
        corrected = correct_document(document=invoice, lines=priced(invoice, 1_000, 0), reason=REASON)
        assert taxes(corrected) == {"standard": (910, 90)}


def test_two_corrections_at_once_make_one(shop: Tenant) -> None:
    invoice = billed(shop, 30_000)
    with at(shop, "2026-11-10 10:00"):
        lines = priced(invoice, 28_000)
    now = moment("2026-11-10 10:00")
    rivals = side_by_side(
        shop, now, [lambda: correct_document(document=invoice, lines=lines, reason=REASON)] * 2
    )
    assert sorted(type(each.error).__name__ for each in rivals) == ["NoneType", "Refusal"]
    with at(shop, "2026-11-10 10:01"):
        [corrected] = Document.objects.filter(kind=DocumentKind.CORRECTED_INVOICE)
        assert balance(invoice.customer_id) == (30_800, 0)
        assert corrected.serial == 1


def test_a_correction_and_a_payment_at_once(shop: Tenant) -> None:
    """Whichever comes first: 30,800 of the 33,000 that were paid are used, 2,200 become deposit."""
    invoice = billed(shop, 30_000)
    with at(shop, "2026-11-10 10:00"):
        lines = priced(invoice, 28_000)
    acts = [
        lambda: correct_document(document=invoice, lines=lines, reason=REASON),
        lambda: pay(Document.objects.get(pk=invoice.pk), 33_000),
    ]
    assert [each.error for each in side_by_side(shop, moment("2026-11-10 10:00"), acts)] == [None, None]
    with at(shop, "2026-11-10 10:01"):
        assert balance(invoice.customer_id) == (0, 2_200)
        assert open_of(Document.objects.get(original=invoice)) == 0

"""Corrected documents (X1): figures, ledger, payments, charges, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from accounts.models import Issuer, Tenant
from billing_project.errors import Code, Refusal
from billing_project.money import Rounding
from invoices.correction_rules import CorrectedAddressee, CorrectedLine
from invoices.models import Charge, Document, DocumentKind, OpenItem
from invoices.rendering import content_of
from invoices.selectors import charge_that_stands
from invoices.services.charges import reverse_charge
from invoices.services.correcting import correct_document, effect_of, lines_to_correct, preview_correction
from invoices.services.correcting.standing import standing_of
from invoices.services.issuing import Terms, issue_documents_of_charges
from ledger.models import Account, CustomerBalance, Line
from tests.factories import make_customer
from tests.invoices.shop import at, charge, close_and_issue, documents, moment, taxes
from tests.rivals import side_by_side

OCTOBER_15 = date(2026, 10, 15)
NOVEMBER_10 = date(2026, 11, 10)
REASON = "単価の誤り"


def billed(shop: Tenant, *prices: int, pays: str = "later_transfer", **fields: Any) -> Document:
    """An invoice of 1 November over these prices, due on the 30th."""
    with at(shop, "2026-10-15 10:00"):
        customer = make_customer(pays=pays)
        for price in prices:
            charge(customer, OCTOBER_15, price, **fields)
    with at(shop, "2026-11-01 07:00"):
        return documents(close_and_issue())[-1]


def lines_of(document: Document) -> list[CorrectedLine]:
    return [each.line for each in standing_of(document).lines]


def priced(document: Document, *prices: int) -> list[CorrectedLine]:
    """The document's lines at other prices."""
    return [replace(line, unit_price=p) for line, p in zip(lines_of(document), prices, strict=True)]


def refused(document: Document, lines: list[CorrectedLine], reason: str = REASON, **more: Any) -> Code:
    with pytest.raises(Refusal) as caught:
        correct_document(document=document, lines=lines, reason=reason, **more)
    return caught.value.code


def open_of(document: Document) -> int:
    return OpenItem.objects.get(document=document).open_amount


def balance(customer_id: int) -> tuple[int, int]:
    found = CustomerBalance.objects.get(customer_id=customer_id)
    return found.receivable, found.deposit


def accounts() -> dict[str, int]:
    sums: dict[str, int] = {}
    for account, amount in Line.objects.values_list("account", "amount"):
        sums[account] = sums.get(account, 0) + amount
    return {account: amount for account, amount in sums.items() if amount}


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


def pay(document: Document, amount: int) -> None:
    from payments.services import receive_transfer

    if amount:
        receive_transfer(
            amount=amount,
            payer_name="ｱｸﾒ",
            received_on=date(2026, 11, 9),
            reference=f"t-{document.pk}",
            customer=document.customer,
        )


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


def returned(document: Document, charge_: Charge, day: date) -> Document:
    terms = Terms(
        issued_on=day,
        rounding=Rounding.FLOOR,
        apply_deposit=False,
        due_on={},
        kind=DocumentKind.RETURN_INVOICE,
    )
    reversal = reverse_charge(charge=charge_, on=day)
    [answer] = issue_documents_of_charges(charges=[reversal], terms=terms, original=document)
    return answer


def test_what_was_returned_is_left_out_and_what_stands_is_returned_later(shop: Tenant) -> None:
    invoice = billed(shop, 30_000, 10_000)
    with at(shop, "2026-11-05 10:00"):
        first, second = (line.charge for line in invoice.lines.order_by("position"))
        returned(invoice, first, date(2026, 11, 5))
    with at(shop, "2026-11-10 10:00"):
        [left] = lines_of(invoice)
        assert left.unit_price == 10_000
        corrected = correct_document(document=invoice, lines=[replace(left, unit_price=9_000)], reason=REASON)
        assert (corrected.total, effect_of(corrected).old_total) == (9_900, 11_000)
        with pytest.raises(Refusal) as caught:
            reverse_charge(charge=first, on=NOVEMBER_10)
        assert caught.value.code == Code.ALREADY_CANCELLED
        # The order still knows the charge of the day of sale: cancelled is what now stands for it.
        answer = returned(corrected, second, NOVEMBER_10)
        assert (answer.total, open_of(corrected)) == (-9_900, 0)


def test_a_correction_of_a_correction_of_a_cancelled_document(shop: Tenant) -> None:
    invoice = billed(shop, 30_000)
    with at(shop, "2026-11-10 10:00"):
        corrected = correct_document(document=invoice, lines=priced(invoice, 28_000), reason=REASON)
        sold = invoice.lines.get().charge
        answer = returned(corrected, sold, NOVEMBER_10)
        assert charge_that_stands(sold) is None
        assert refused(invoice, priced(invoice, 1)) == Code.ALREADY_CORRECTED
        assert refused(corrected, []) == Code.NOT_CORRECTABLE
        assert refused(answer, lines_of(answer)) == Code.NOT_CORRECTABLE


def test_a_cancelled_document_is_not_corrected(shop: Tenant) -> None:
    invoice = billed(shop, 30_000)
    with at(shop, "2026-11-10 10:00"):
        lines = priced(invoice, 28_000)
        returned(invoice, invoice.lines.get().charge, NOVEMBER_10)
        assert refused(invoice, lines) == Code.NOT_CORRECTABLE


def test_no_closing_takes_the_charges_of_a_correction(shop: Tenant) -> None:
    invoice = billed(shop, 30_000)
    with at(shop, "2026-11-10 10:00"):
        correct_document(document=invoice, lines=priced(invoice, 28_000), reason=REASON)
        charge(invoice.customer, NOVEMBER_10, 5_000)
    with at(shop, "2026-12-01 07:00"):
        [december] = documents(close_and_issue(date(2026, 11, 30)))
        assert december.total == 5_500


def test_a_line_returned_on_the_next_bill_stays_as_it_is(shop: Tenant) -> None:
    invoice = billed(shop, 30_000, 10_000)
    with at(shop, "2026-11-05 10:00"):
        reverse_charge(charge=invoice.lines.get(position=2).charge, on=date(2026, 11, 5))
    with at(shop, "2026-11-10 10:00"):
        assert [each.fixed for each in lines_to_correct(invoice)] == [False, True]
        assert refused(invoice, priced(invoice, 30_000, 9_000)) == Code.NOT_CORRECTABLE
        assert refused(invoice, lines_of(invoice)[:1]) == Code.NOT_CORRECTABLE
        correct_document(document=invoice, lines=priced(invoice, 28_000, 10_000), reason=REASON)
        charge(invoice.customer, NOVEMBER_10, 50_000)
    with at(shop, "2026-12-01 07:00"):
        [december] = documents(close_and_issue(date(2026, 11, 30)))
        assert december.total == 44_000
        # A bill with a sale and a return: the return is restated as it is, with its own date of supply.
    with at(shop, "2026-12-05 10:00"):
        sale, back = sorted(lines_of(december), key=lambda line: -line.quantity)
        again = correct_document(
            document=december, lines=[replace(sale, unit_price=40_000), back], reason=REASON
        )
        assert again.total == 33_000
        days = {line.original_supplied_on for line in content_of(again).lines}
        assert days == {None, OCTOBER_15}


LINE = CorrectedLine(
    description="ドメイン認証SSL 1年",
    quantity=1,
    unit_price=1_000,
    tax_category="standard",
    transaction_date=OCTOBER_15,
)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"description": " "}, Code.INVALID_INPUT),
        ({"description": "字" * 301}, Code.INVALID_INPUT),
        ({"description": "一行目\n二行目"}, Code.INVALID_INPUT),
        ({"description": "ベル\x07"}, Code.INVALID_INPUT),
        ({"description": "\u202e逆"}, Code.INVALID_INPUT),
        ({"quantity": 0}, Code.INVALID_AMOUNT),
        ({"quantity": -1}, Code.INVALID_AMOUNT),
        ({"unit_price": -1}, Code.INVALID_AMOUNT),
        ({"unit_price": 10**13}, Code.INVALID_AMOUNT),
        ({"tax_category": "luxury"}, Code.INVALID_INPUT),
        ({"transaction_date": date(2026, 11, 11)}, Code.INVALID_DATE),
        ({"transaction_date": date(1988, 1, 1)}, Code.NO_TAX_RATE),
        ({"of": 9}, Code.INVALID_INPUT),
    ],
)
def test_bad_lines_are_refused(shop: Tenant, change: dict[str, Any], code: Code) -> None:
    invoice = billed(shop, 30_000)
    with at(shop, "2026-11-10 10:00"):
        assert refused(invoice, [replace(LINE, **change)]) == code


def test_bad_reasons_and_names_are_refused(shop: Tenant) -> None:
    invoice = billed(shop, 30_000)
    with at(shop, "2026-11-10 10:00"):
        lines = priced(invoice, 28_000)
        assert refused(invoice, lines, reason="  ") == Code.INVALID_INPUT
        assert refused(invoice, lines, reason="字" * 301) == Code.INVALID_INPUT
        for name in ("", "字" * 201, "改\n行"):
            found = refused(invoice, lines, addressee=CorrectedAddressee(company_name=name))
            assert found == Code.INVALID_INPUT
        assert refused(invoice, []) == Code.INVALID_INPUT
        assert refused(invoice, [*lines, *lines]) == Code.INVALID_INPUT


def test_long_names_and_markup_are_printed_as_they_are(shop: Tenant) -> None:
    invoice = billed(shop, 30_000)
    with at(shop, "2026-11-10 10:00"):
        name, text = "株" * 200, "<b>太字</b> &amp; 'x'"
        corrected = correct_document(
            document=invoice,
            lines=[replace(lines_of(invoice)[0], description=text)],
            reason=REASON,
            addressee=CorrectedAddressee(company_name=name),
        )
        content = content_of(corrected)
        assert (content.addressee.company, content.lines[0].description) == (name, text)


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

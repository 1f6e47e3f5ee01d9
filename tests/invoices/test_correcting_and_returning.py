"""Corrected documents (X1): corrected again, returned before or after, and closings beside them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from accounts.models import Tenant
from billing_project.errors import Code, Refusal
from invoices.rendering import content_of
from invoices.selectors import charge_that_stands
from invoices.services.charges import reverse_charge
from invoices.services.correcting import correct_document, effect_of, lines_to_correct
from tests.invoices.corrections import (
    NOVEMBER_10,
    OCTOBER_15,
    REASON,
    billed,
    lines_of,
    open_of,
    priced,
    refused,
    returned,
)
from tests.invoices.shop import at, charge, close_and_issue, documents


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

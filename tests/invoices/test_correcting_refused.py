"""Corrected documents (X1): what is refused, and odd texts that are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from accounts.models import Tenant
from billing_project.errors import Code
from invoices.correction_rules import CorrectedAddressee, CorrectedLine
from invoices.rendering import content_of
from invoices.services.correcting import correct_document
from tests.invoices.corrections import OCTOBER_15, REASON, billed, lines_of, priced, refused
from tests.invoices.shop import at

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

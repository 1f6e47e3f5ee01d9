"""Billing what is corrected then, and looking at what came of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from accounts.models import Tenant
from billing_project.errors import Code, Refusal
from billing_project.money import Rounding
from invoices.correction_rules import CorrectedLine
from invoices.models import Charge, Document, DocumentKind, OpenItem
from invoices.services.charges import reverse_charge
from invoices.services.correcting import correct_document
from invoices.services.correcting.standing import standing_of
from invoices.services.issuing import Terms, issue_documents_of_charges
from ledger.models import CustomerBalance, Line
from payments.services import receive_transfer
from tests.factories import make_customer
from tests.invoices.shop import at, charge, close_and_issue, documents

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


def pay(document: Document, amount: int) -> None:
    if amount:
        receive_transfer(
            amount=amount,
            payer_name="ｱｸﾒ",
            received_on=date(2026, 11, 9),
            reference=f"t-{document.pk}",
            customer=document.customer,
        )


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

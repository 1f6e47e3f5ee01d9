"""The operators' page for a correction: lines to be changed, what it comes to, and the act."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

from django.urls import reverse

from accounts.policy.choices import PaymentMethod
from billing_project.money import Rounding
from billing_project.tenancy.context import tenant_context
from invoices.models import Document, DocumentKind
from invoices.services.issuing import Terms, issue_documents_of_charges
from tests.admin.world import Office
from tests.invoices.shop import charge
from tests.rendering.reading import text_of


def url(name: str, *args: Any) -> str:
    return reverse(f"admin:{name}", args=args)


def invoice_of(office: Office) -> Document:
    with tenant_context(office.tenant):
        document: Document = Document.objects.filter(kind=DocumentKind.INVOICE).order_by("pk")[0]
        return document


def as_shown(page: str) -> dict[str, str]:
    """What the form would send unchanged."""
    fields = dict(re.findall(r'<input type="(?:text|date|number|hidden)" name="(\w+)" value="([^"]*)"', page))
    for name, options in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="(\w+)" selected', options)
        fields[name] = chosen.group(1) if chosen else "standard"
    fields.pop("csrfmiddlewaretoken", None)
    return {name: html.unescape(value) for name, value in fields.items()}


def long_invoice_of(office: Office, lines: int) -> Document:
    day = date(2026, 11, 1)
    with tenant_context(office.tenant):
        customer = office.world.company.customer
        sold = [charge(customer, day, 1_000 + number) for number in range(lines)]
        due_on = {PaymentMethod(customer.payment_method): date(2026, 11, 30)}
        terms = Terms(issued_on=day, rounding=Rounding.FLOOR, apply_deposit=False, due_on=due_on)
        [document] = issue_documents_of_charges(charges=sold, terms=terms)
        return document


def corrections(office: Office) -> list[Document]:
    with tenant_context(office.tenant):
        return list(Document.objects.filter(kind=DocumentKind.CORRECTED_INVOICE).select_related("original"))


def test_a_correction_is_looked_at_and_then_issued_once(office: Office) -> None:
    document, client = invoice_of(office), office.client()
    page = url("invoices_document_correct", document.pk)
    fields = as_shown(client.get(page).content.decode())
    assert fields["company_name"]
    assert fields["description_1"]

    same = client.post(page, {**fields, "reason": "確認のため"})
    assert same.status_code == 422
    assert "変更された箇所がない" in same.content.decode()

    wanted = {**fields, "reason": "単価の誤り", "unit_price_1": "１００"}
    preview = client.post(page, wanted)
    assert preview.status_code == 200
    shown = preview.content.decode()
    assert "訂正後の書類を発行する" in shown
    assert corrections(office) == []

    seen = as_shown(shown)["seen"]
    again = client.post(page, {**wanted, "unit_price_1": "200", "seen": seen})
    assert "ご確認" in again.content.decode()
    assert corrections(office) == []

    made = client.post(page, {**wanted, "seen": seen})
    [corrected] = corrections(office)
    assert made["Location"] == url("invoices_document_change", corrected.pk)
    assert (corrected.original, corrected.reason) == (document, "単価の誤り")

    sent_twice = client.post(page, {**wanted, "seen": seen})
    assert sent_twice.status_code == 409
    assert corrected.number in sent_twice.content.decode()
    assert len(corrections(office)) == 1
    old = client.get(url("invoices_document_change", document.pk)).content.decode()
    assert corrected.number in old


def test_bad_input_is_told_beside_the_field(office: Office) -> None:
    document, client = invoice_of(office), office.client()
    page = url("invoices_document_correct", document.pk)
    fields = as_shown(client.get(page).content.decode())
    for change in (
        {"reason": ""},
        {"company_name": "字" * 201},
        {"description_1": ""},
        {"quantity_1": "0"},
        {"unit_price_1": "千円"},
        {"transaction_date_1": "2026-02-30"},
        {"description_new1": "新しい行"},
        {"description_1": "制御\x07文字"},
    ):
        answer = client.post(page, {**fields, "reason": "単価の誤り", **change})
        assert answer.status_code == 422, change
    assert corrections(office) == []


def test_what_was_entered_on_one_page_of_lines_stays_on_the_others(office: Office) -> None:
    document, client = long_invoice_of(office, 203), office.client()
    page = url("invoices_document_correct", document.pk)
    first = client.get(page).content.decode()
    assert "1～100行目" in first
    assert "201～203行目" in first
    fields = {**as_shown(first), "reason": "単価の誤り", "unit_price_7": "7", "drop_8": "on", "go": "201"}
    assert "description_101" not in fields

    third = client.post(page, fields)
    assert third.status_code == 200
    assert re.search(r"1～100行目\s+\(変更あり\)", third.content.decode())
    fields = {**as_shown(third.content.decode()), "quantity_203": "0"}
    assert (fields["reason"], fields["from"]) == ("単価の誤り", "201")
    assert "unit_price_7" not in fields
    assert "unit_price_201" in fields

    back = as_shown(client.post(page, {**fields, "go": "1"}).content.decode())
    assert (back["unit_price_7"], back["unit_price_9"]) == ("7", "1008")
    there = client.post(page, {**back, "drop_8": "on"})
    assert there.status_code == 422
    told = as_shown(there.content.decode())
    assert (told["from"], told["quantity_203"]) == ("201", "0")

    shown = client.post(page, {**told, "quantity_203": "2"})
    assert shown.status_code == 200
    made = client.post(page, as_shown(shown.content.decode()))
    [corrected] = corrections(office)
    assert made["Location"] == url("invoices_document_change", corrected.pk)
    lines = 203 * 1_000 + sum(range(203))
    assert corrected.net_total == lines - (1_006 - 7) - 1_007 + 1_202


def test_what_a_page_says_of_others_is_judged_like_the_rest(office: Office) -> None:
    document, client = invoice_of(office), office.client()
    page = url("invoices_document_correct", document.pk)
    fields = {**as_shown(client.get(page).content.decode()), "reason": "確認のため"}
    for elsewhere in ("{", "[1]", '{"description_999": "ない行"}', '{"drop_999": ["on"]}'):
        assert client.post(page, {**fields, "elsewhere": elsewhere}).status_code == 422
    for number in ("0", "99999", "一", "-5"):
        assert client.post(page, {**fields, "go": number}).status_code == 200
    assert corrections(office) == []


def test_the_corrected_document_is_looked_at_without_a_number(office: Office) -> None:
    document, client = invoice_of(office), office.client()
    page = url("invoices_document_correct", document.pk)
    fields = {**as_shown(client.get(page).content.decode()), "preview": "1"}
    assert client.post(page, fields).status_code == 422
    answer = client.post(page, {**fields, "reason": "単価の誤り", "unit_price_1": "100"})
    assert answer["Content-Type"] == "application/pdf"
    text = text_of(answer.content)
    assert "見\n本" in text
    assert "単価の誤り" in text
    assert document.number in text
    assert "COR-" not in text
    assert corrections(office) == []

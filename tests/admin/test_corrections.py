"""The operators' page for a correction: lines to be changed, what it comes to, and the act."""

from __future__ import annotations

import re
from typing import Any

from django.urls import reverse

from billing_project.tenancy.context import tenant_context
from invoices.models import Document, DocumentKind
from tests.admin.world import Office


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
    return fields


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

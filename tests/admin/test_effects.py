"""An act about money shows what it would book and pay before it is done, and a preview does nothing."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from billing_project.audit.models import AuditEntry
from billing_project.backoffice.acts import acts_of
from billing_project.outbox.models import Mail
from billing_project.tenancy.context import tenant_context
from invoices.models import Allocation, Document, OpenItem
from ledger.models import CustomerBalance, Entry, Line
from payments.models import Match, Payment, PaymentState, WriteOff
from tests.admin.world import Office

WATCHED = (
    AuditEntry,
    Mail,
    Allocation,
    Document,
    OpenItem,
    CustomerBalance,
    Entry,
    Line,
    Match,
    Payment,
    WriteOff,
)


def state(office: Office) -> list[Any]:
    with tenant_context(office.tenant):
        return [list(model._default_manager.order_by("pk").values()) for model in WATCHED]


def preview(office: Office, address: str, **data: str) -> str:
    answer = office.client().post(address, {**data, "_preview": "1"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_matching_shows_bookings_and_documents(seen: Office) -> None:
    payment, before = seen.row(Payment, state=PaymentState.UNMATCHED), state(seen)
    customer = seen.world.companies[1].customer
    html = preview(
        seen, reverse("admin:payments_payment_match", args=[payment.pk]), customer_code=customer.code
    )
    assert "まだ何も実行していません" in html
    assert seen.world.companies[1].document.number in html
    assert "5,000" in html
    assert state(seen) == before


def test_writing_off_shows_the_bad_debt_and_keeps_what_was_entered(seen: Office) -> None:
    document, before = seen.world.companies[1].document, state(seen)
    html = preview(
        seen, reverse("admin:invoices_document_write-off", args=[document.pk]), reason="倒産のため"
    )
    assert "貸倒" in html
    assert 'value="倒産のため"' in html
    assert state(seen) == before


def test_a_refusal_shows_in_the_preview_too(seen: Office) -> None:
    payment = seen.row(Payment, state=PaymentState.UNMATCHED)
    address = reverse("admin:payments_payment_match", args=[payment.pk])
    answer = seen.client().post(address, {"customer_code": "nobody", "_preview": "1"})
    assert answer.status_code == 422


def test_after_the_preview_the_act_is_one_click(office: Office) -> None:
    payment = office.row(Payment, state=PaymentState.UNMATCHED)
    address = reverse("admin:payments_payment_match", args=[payment.pk])
    customer = office.world.companies[1].customer
    preview(office, address, customer_code=customer.code)
    assert office.client().post(address, {"customer_code": customer.code}).status_code == 302
    with tenant_context(office.tenant):
        assert Match.objects.filter(payment=payment, customer=customer).count() == 1


def test_acts_about_money_offer_it(seen: Office) -> None:
    client, payment = seen.client(), seen.row(Payment, state=PaymentState.UNMATCHED)
    names = {each.name for each in acts_of(Payment)} & {"match", "split", "send-back"}
    assert len(names) == 3
    for name in names:
        html = client.get(reverse(f"admin:payments_payment_{name}", args=[payment.pk])).content.decode()
        assert 'name="_preview"' in html, name

"""Each act of the admin: what it does, what bad input says, and that a refusal leaves nothing behind."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import (
    AccountingContact,
    Customer,
    Member,
    OperatorRole,
)
from billing_project.audit.models import ActorKind, AuditEntry
from billing_project.outbox.models import Mail, MailState
from billing_project.tenancy.context import tenant_context
from cancellations.models import Cancellation
from invoices.models import Document, DocumentAccess, DocumentLink
from orders.models import LineState, Order, OrderLine, OrderSource, Product
from payments.models import PayerName, Payment, PaymentState
from tests.admin.world import Office


def url(name: str, *args: Any) -> str:
    return reverse(f"admin:{name}", args=args)


def post(office: Office, page: str, /, *args: Any, **data: Any) -> Any:
    return office.client().post(url(page, *args), data)


def get(office: Office, model: Any, **which: Any) -> Any:
    with tenant_context(office.tenant):
        return model.objects.get(**which)


def count(office: Office, model: Any, **which: Any) -> int:
    with tenant_context(office.tenant):
        return model.objects.filter(**which).count()


def last_act(office: Office) -> AuditEntry:
    with tenant_context(office.tenant):
        return AuditEntry.objects.order_by("-pk")[0]


CUSTOMER = {
    "name": "新規株式会社",
    "contact_name": "経理 次郎",
    "contact_email": "new@example.com",
    "payment_method": "card",
}


def test_new_customer(office: Office) -> None:
    answer = post(office, "accounts_customer_new", **CUSTOMER, credit_limit="１，０００円")
    customer = get(office, Customer, name="新規株式会社")
    assert answer["Location"] == url("accounts_customer_change", customer.pk)
    assert customer.credit_limit == 1000
    assert last_act(office).actor_kind == ActorKind.OPERATOR
    assert last_act(office).actor_label == office.operators[OperatorRole.ADMIN].email


def test_a_taken_customer_number_is_refused(office: Office) -> None:
    before = count(office, Customer)
    answer = post(office, "accounts_customer_new", **CUSTOMER, code=office.world.company.customer.code)
    assert answer.status_code == 422
    assert "すでに使われています" in answer.content.decode()
    assert count(office, Customer) == before


def test_contact_credit_and_later_payment(office: Office) -> None:
    pk = office.world.company.customer.pk
    post(office, "accounts_customer_contact", pk, name="新担当", email="shin@example.com")
    assert get(office, AccountingContact, customer=pk).email == "shin@example.com"
    post(office, "accounts_customer_credit-limit", pk, credit_limit="")
    assert get(office, Customer, pk=pk).credit_limit is None
    answer = post(office, "accounts_customer_credit-limit", pk, credit_limit="-5")
    assert answer.status_code == 422
    post(office, "accounts_customer_withdraw-later-payment", pk)
    assert not get(office, Customer, pk=pk).later_payment_allowed
    post(office, "accounts_customer_allow-later-payment", pk)
    assert get(office, Customer, pk=pk).later_payment_allowed


def test_bad_contact_changes_nothing(office: Office) -> None:
    pk = office.world.company.customer.pk
    before = get(office, AccountingContact, customer=pk).email
    answer = post(office, "accounts_customer_contact", pk, name="新担当", email="no address")
    assert answer.status_code == 422
    assert get(office, AccountingContact, customer=pk).email == before


def test_members(office: Office) -> None:
    pk = office.world.company.customer.pk
    invited = {"name": "招待 花子", "email": "hanako@example.com", "roles": ["requester"]}
    assert post(office, "accounts_customer_invite", pk, **invited).status_code == 302
    member = get(office, Member, name="招待 花子")
    assert count(office, Mail, kind="member_invited") == 1
    post(office, "accounts_member_roles", member.pk, roles=["accounting"])
    assert get(office, Member, pk=member.pk).roles == ["accounting"]
    post(office, "accounts_member_invite-again", member.pk)
    post(office, "accounts_member_remove", member.pk)
    assert not get(office, Member, pk=member.pk).is_active


def test_the_last_holder_of_authority_stays(office: Office) -> None:
    member = office.world.company.members["authority"]
    answer = post(office, "accounts_member_remove", member.pk)
    assert answer.status_code == 422
    assert get(office, Member, pk=member.pk).is_active


def test_payer_name(office: Office) -> None:
    pk = office.world.company.customer.pk
    post(office, "accounts_customer_payer-name", pk, name="（カ）アクメ")
    assert get(office, PayerName, customer=pk).name == "(ｶ)ｱｸﾒ"


PRODUCT = {"sku": "NEW-1", "name": "新商品", "unit_price": "1,200", "tax_category": "reduced"}


def test_products(office: Office) -> None:
    post(office, "orders_product_new", **PRODUCT)
    product = get(office, Product, sku="NEW-1")
    assert (product.unit_price, product.tax_category, product.sold_singly) == (1200, "reduced", False)
    post(office, "orders_product_edit", product.pk, **{**PRODUCT, "unit_price": "1300", "discontinued": "on"})
    product = get(office, Product, sku="NEW-1")
    assert (product.unit_price, product.discontinued) == (1300, True)
    assert last_act(office).data["changed"]["unit_price"] == [1200, 1300]


def test_a_taken_sku_is_refused(office: Office) -> None:
    product = get(office, Product, sku="DV-1Y")
    answer = post(office, "orders_product_edit", product.pk, **{**PRODUCT, "sku": "WC-1Y"})
    assert answer.status_code == 422
    assert get(office, Product, pk=product.pk).sku == "DV-1Y"


def test_one_line_is_delivered_and_then_the_rest(office: Office) -> None:
    order = office.world.companies[0].open
    post(office, "orders_order_deliver", order.pk, line="2", on="2026-11-02")
    assert get(office, OrderLine, order=order, position=2).delivered_on == date(2026, 11, 2)
    answer = post(office, "orders_order_deliver", order.pk, line="", on="2026-11-03")
    assert "すでに納品されています" in answer.content.decode()


@pytest.mark.parametrize("day", ["2026-11-04", "2026-11-01", "2026-09-01", "", "nonsense"])
def test_an_impossible_day_of_delivery_is_refused(day: str, office: Office) -> None:
    """The order is of 11-02, today is 11-03 (X4)."""
    order = office.world.companies[0].open
    answer = post(office, "orders_order_deliver", order.pk, line="2", on=day)
    assert answer.status_code == 422
    assert get(office, OrderLine, order=order, position=2).state == LineState.OPEN


def test_an_order_for_a_customer_is_placed_once(office: Office) -> None:
    pk = office.world.company.customer.pk
    field = f"quantity_{get(office, Product, sku='DV-1Y').pk}"
    sent = {
        "payment_method": "later_transfer",
        "submission": "6f1f5b40-4c2f-4b57-9a3a-6a2a4a2b1c11",
        field: "2",
    }
    first = post(office, "accounts_customer_order", pk, **sent)
    second = post(office, "accounts_customer_order", pk, **sent)
    assert first["Location"] == second["Location"]
    assert count(office, Order, source=OrderSource.OPERATOR) == 1
    answer = post(office, "accounts_customer_order", pk, **{**sent, field: "0"})
    assert answer.status_code == 422


def test_an_order_is_cancelled_with_its_return_invoice(office: Office) -> None:
    """The order of October was billed on 11-01; its window is open until 11-05 (A13, A17)."""
    order = office.world.company.billed
    post(office, "orders_order_cancel", order.pk, line="", reason="誤注文")
    assert get(office, Cancellation, line__order=order).reason == "誤注文"
    assert count(office, Document, kind="return_invoice") == 1


def test_documents_are_read_mailed_and_their_links_revoked(office: Office) -> None:
    document = office.world.company.document
    answer = office.client(OperatorRole.SUPPORT).get(url("invoices_document_pdf", document.pk))
    assert answer.content.startswith(b"%PDF")
    access = get(office, DocumentAccess, document=document)
    assert access.actor_label == office.operators[OperatorRole.SUPPORT].email
    before = count(office, Mail, kind="document_issued", reference=document.pk)
    post(office, "invoices_document_mail", document.pk)
    assert count(office, Mail, kind="document_issued", reference=document.pk) == before + 1
    link = get(office, DocumentLink, document=document)
    assert post(office, "invoices_document_revoke-links", document.pk).status_code in (200, 422)
    post(office, "invoices_document_revoke-links", document.pk, links=[link.pk])
    assert get(office, DocumentLink, pk=link.pk).revoked_at is not None


TRANSFER = {
    "amount": "108,641",
    "payer_name": "ｶ)ｱｸﾒ",
    "received_on": "2026-11-02",
    "reference": "bank-1",
}


def test_a_transfer_is_recorded_once(office: Office) -> None:
    code = office.world.company.customer.code
    post(office, "payments_payment_record", **TRANSFER, customer_code=code)
    post(office, "payments_payment_record", **TRANSFER, customer_code=code)
    payment = get(office, Payment, reference="bank-1")
    assert (payment.amount, payment.state) == (108_641, PaymentState.SUCCEEDED)


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "1.5"},
        {"amount": "0"},
        {"received_on": "2026-11-04"},
        {"reference": ""},
        {"customer_code": "nobody"},
    ],
)
def test_a_wrong_transfer_is_refused(wrong: dict[str, str], office: Office) -> None:
    before = count(office, Payment)
    assert post(office, "payments_payment_record", **{**TRANSFER, **wrong}).status_code == 422
    assert count(office, Payment) == before


def test_a_failed_mail_is_sent_again(busy: Office) -> None:
    mail = get(busy, Mail, state=MailState.FAILED)
    post(busy, "outbox_mail_retry", mail.pk)
    assert get(busy, Mail, pk=mail.pk).state == MailState.WAITING
    assert last_act(busy).action == "mail_retried"


def test_due_jobs_are_asked_for(office: Office) -> None:
    assert post(office, "jobs_job_run-due").status_code == 302
    assert last_act(office).action == "jobs_asked_for"

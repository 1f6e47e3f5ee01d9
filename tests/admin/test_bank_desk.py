"""The bank desk by the browser's way: upload, look, import, accept, split, undo, send back, settle doubts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import OperatorRole
from billing_project import clock
from billing_project.tenancy.context import tenant_context
from ledger.models import CustomerBalance
from payments.models import BankUpload, DepositReport, Payment, PaymentState, Payout, PayoutFile
from payments.services.uploads import run_import
from tests.acts import at
from tests.admin.world import Office
from tests.payments.files import era, incoming

DAY = era(date(2026, 11, 2))


def post(client: Client, name: str, *args: int, **fields: Any) -> Any:
    return client.post(reverse(f"admin:{name}", args=args), fields)


def waiting(office: Office) -> Payment:
    return office.row(Payment, state=PaymentState.UNMATCHED)


def test_a_file_is_uploaded_seen_and_imported(office: Office) -> None:
    client = office.client()
    content = incoming({"payer_name": "ﾔﾏﾀﾞ", "amount": 777, "booked_on": DAY, "reference": 9})
    answer = post(client, "payments_bankupload_new", file=SimpleUploadedFile("01.txt", content), mapping="")
    page = client.get(answer["Location"]).content.decode()
    assert "777" in page
    upload = office.row(BankUpload, file_name="01.txt")
    with tenant_context(office.tenant):
        assert not Payment.objects.filter(amount=777).exists()
    assert post(client, "payments_bankupload_import", upload.pk).status_code == 302
    run_import(tenant_id=office.tenant.pk, upload_id=upload.pk)
    run_import(tenant_id=office.tenant.pk, upload_id=upload.pk)
    assert office.row(Payment, amount=777).state == PaymentState.UNMATCHED
    assert office.row(BankUpload, pk=upload.pk).result["entries"] == 1


def test_each_error_is_named_and_nothing_booked(office: Office) -> None:
    client = office.client()
    broken = incoming({"payer_name": "ﾔﾏﾀﾞ", "amount": 777, "booked_on": DAY}).replace(b"8000001", b"8000002")
    answer = post(client, "payments_bankupload_new", file=SimpleUploadedFile("x.txt", broken), mapping="")
    page = client.get(answer["Location"]).content.decode()
    assert "振込合計件数" in page


def test_a_suggestion_is_accepted_with_one_click(office: Office) -> None:
    client, payment = office.client(), waiting(office)
    desk = client.get(reverse("admin:payments_payment_desk"))
    assert payment.payer_name in desk.content.decode()
    customer = office.world.company.customer
    answer = post(client, "payments_payment_accept", payment.pk, customer=customer.pk, document="")
    assert answer["Location"] == reverse("admin:payments_payment_desk")
    matched = office.row(Payment, pk=payment.pk)
    assert (matched.state, matched.customer_id) == (PaymentState.SUCCEEDED, customer.pk)
    # Another tenant's customer is not there.
    assert post(client, "payments_payment_undo", payment.pk).status_code == 302
    assert post(client, "payments_payment_accept", payment.pk, customer=0).status_code == 422
    assert office.row(Payment, pk=payment.pk).state == PaymentState.UNMATCHED


def test_split_and_sent_back(office: Office) -> None:
    client, payment = office.client(), waiting(office)
    one, two = (each.customer for each in office.world.companies)
    wrong = f"{one.code} 4,000\n{two.code} 999"
    assert post(client, "payments_payment_split", payment.pk, parts=wrong).status_code == 422
    for parts in ("X 5000", f"{one.code}", f"{one.code} x", f"{one.code} 5000 INV-0"):
        assert post(client, "payments_payment_split", payment.pk, parts=parts).status_code == 422
    right = f"{one.code} 4,000\n{two.code} 1,000"
    assert post(client, "payments_payment_split", payment.pk, parts=right).status_code == 302
    assert office.row(Payment, pk=payment.pk).state == PaymentState.SUCCEEDED
    assert post(client, "payments_payment_undo", payment.pk).status_code == 302
    assert post(client, "payments_payment_send-back", payment.pk, reason="誤振込").status_code == 302
    assert office.row(Payment, pk=payment.pk).state == PaymentState.SENT_BACK


def test_the_desk_is_narrowed(office: Office) -> None:
    client, desk = office.client(), reverse("admin:payments_payment_desk")
    name = waiting(office).payer_name
    for query in ({"q": "フシメイ"}, {"least": "5000", "most": "5000"}, {"first": "2026-11-02"}):
        assert name in client.get(desk, query).content.decode()
    for query in ({"q": "ベツ"}, {"least": "5001"}, {"last": "2026-11-01"}, {"account": "9999"}):
        assert name not in client.get(desk, query).content.decode()


def test_support_looks_and_does_nothing(office: Office) -> None:
    client, payment = office.client(OperatorRole.SUPPORT), waiting(office)
    page = client.get(reverse("admin:payments_payment_desk"))
    assert page.status_code == 200
    assert reverse("admin:payments_payment_accept", args=[payment.pk]) not in page.content.decode()
    assert post(client, "payments_payment_accept", payment.pk, customer=1).status_code == 403


def test_a_doubt_is_settled(busy: Office) -> None:
    client, doubtful = busy.client(), busy.row(Payment, state=PaymentState.DOUBTFUL)
    assert "ｶ)ｱｸﾒ" in client.get(reverse("admin:payments_payment_desk")).content.decode()
    assert post(client, "payments_payment_same", doubtful.pk).status_code == 302
    assert busy.row(Payment, pk=doubtful.pk).state == PaymentState.KNOWN
    assert post(client, "payments_payment_other", doubtful.pk).status_code == 422


def test_a_payout_file_from_written_to_executed(busy: Office) -> None:
    client = busy.client()
    file = busy.row(PayoutFile)
    got = client.get(reverse("admin:payments_payoutfile_download", args=[file.pk]))
    assert got.content == bytes(file.content)
    with clock.frozen(at("2026-11-30 15:00")):
        fields = {"executed_on": "2026-11-30", "bank_fee": "110"}
        assert post(busy.client(), "payments_payoutfile_confirm", file.pk, **fields).status_code == 302
    assert busy.row(Payout, file=file).state == "paid"
    assert post(client, "payments_payoutfile_discard", file.pk).status_code == 422


@pytest.mark.parametrize(("holder", "status"), [("ｶ)ｱｸﾒ", 302), ("ﾍﾞﾂｼﾞﾝ", 422), ("", 422)])
def test_a_customer_leaves_with_its_deposit(busy: Office, holder: str, status: int) -> None:
    customer = busy.world.company.customer
    fields = {
        "bank_code": "0005",
        "branch_code": "001",
        "account_kind": "1",
        "account_number": "7654321" if holder else "",
        "holder_kana": holder,
    }
    with tenant_context(busy.tenant):
        CustomerBalance.objects.filter(customer=customer).update(reserved=0)
        held = CustomerBalance.objects.get(customer=customer).deposit
    assert held > 440
    assert post(busy.client(), "accounts_customer_leave", customer.pk, **fields).status_code == status
    left = not busy.row(type(customer), pk=customer.pk).is_active
    assert left is (status == 302)
    assert busy.as_member().get("/").status_code == (403 if left else 200)


def test_the_report_of_deposits(busy: Office) -> None:
    report = busy.row(DepositReport)
    answer = busy.client().get(reverse("admin:payments_depositreport_csv", args=[report.pk]))
    assert answer["Content-Type"].startswith("text/csv")
    assert post(busy.client(), "payments_depositreport_make").status_code == 302
    with tenant_context(busy.tenant):
        assert DepositReport.objects.count() == 1


def test_the_statement_in_the_admin(office: Office) -> None:
    customer = office.world.company.customer
    address = reverse("admin:accounts_customer_statement", args=[customer.pk])
    query = {"first": "2026-10-01", "last": "2026-11-30"}
    assert office.world.company.document.number in office.client().get(address, query).content.decode()
    file = office.client().get(address, {**query, "csv": "1"}).content.decode("utf-8-sig")
    assert office.world.company.document.number in file

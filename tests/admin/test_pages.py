"""Every page of the admin opens for an operator, in both languages, with few queries."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Issuer
from payments.models import BankCancellation, BankFile, BankUpload, Payment
from tests.admin.world import Office, list_addresses, models, row_addresses

QUERIES = 15
ONE_PAGE = {Issuer}
by_model = pytest.mark.parametrize("model", models(), ids=lambda model: model._meta.label)


def addresses(model: Any, office: Office) -> list[str]:
    return [*list_addresses(model), *row_addresses(model, office.row(model).pk)]


def test_the_sweep_knows_the_models() -> None:
    assert {model._meta.label for model in models()} == {
        "accounts.BankAccount",
        "accounts.Customer",
        "accounts.Issuer",
        "accounts.Member",
        "accounts.Operator",
        "accounts.PolicyVersion",
        "audit.AuditEntry",
        "bulk.BulkRun",
        "invoices.Closing",
        "invoices.Document",
        "invoices.DocumentExport",
        "invoices.MonthRun",
        "invoices.PaperRequest",
        "invoices.PreviewRun",
        "invoices.WrongRecipient",
        "jobs.Job",
        "ledger.Entry",
        "ledger.JournalExport",
        "ledger.JournalMapping",
        "ledger.JournalRun",
        "orders.Order",
        "orders.Product",
        "orders.Quote",
        "orders.QuoteRequest",
        "orders.SalesUpload",
        "outbox.Mail",
        "payments.Card",
        "payments.CardPayment",
        "payments.CardRefund",
        "payments.CardSettlement",
        "payments.GatewayEvent",
        "payments.BankCancellation",
        "payments.BankCsvMapping",
        "payments.BankFile",
        "payments.BankUpload",
        "payments.DepositReport",
        "payments.DunningCase",
        "payments.Payment",
        "payments.Payout",
        "payments.PayoutFile",
        "payments.PayoutSender",
        "playbooks.StoryRun",
    }


@by_model
def test_each_page_opens(model: Any, seen: Office) -> None:
    client = seen.client()
    for address in addresses(model, seen):
        answer = client.get(address)
        leads_on = address.endswith(("/history/", "/last-month/"))
        redirects = leads_on or (model in ONE_PAGE and answer.status_code == 302)
        assert answer.status_code == (302 if redirects else 200), address


@by_model
def test_each_page_asks_little(model: Any, seen: Office) -> None:
    client = seen.client()
    for address in addresses(model, seen):
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        real = [
            each["sql"] for each in asked if each["sql"].startswith(("SELECT", "INSERT", "UPDATE", "WITH"))
        ]
        most = 70 if address.endswith("/next/") else QUERIES
        assert len(real) <= most, f"{address}: {len(real)}\n" + "\n".join(sql[:150] for sql in real)


def test_the_dashboard_asks_little(seen: Office) -> None:
    client = seen.client()
    client.get(reverse("admin:index"))
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse("admin:index")).status_code == 200
    real = [each["sql"] for each in asked if each["sql"].startswith("SELECT")]
    assert len(real) <= 15, "\n".join(sql[:150] for sql in real)


@by_model
def test_each_list_is_a_csv_file_too(model: Any, seen: Office) -> None:
    if model in ONE_PAGE:
        return
    answer = seen.client().get(list_addresses(model)[0], {"_export": "csv"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert len(lines) >= 2
    assert not re.search("[a-z]{4}", lines[0]), lines[0]


@by_model
def test_each_list_is_searched_and_sorted(model: Any, seen: Office) -> None:
    if model in ONE_PAGE:
        return
    client, address = seen.client(), list_addresses(model)[0]
    assert client.get(address, {"q": "nothing of the kind"}).status_code == 200
    assert client.get(address, {"o": "1.-2"}).status_code == 200
    assert client.get(address, {"p": "99"}).status_code in (200, 302)
    assert client.get(address, {"nonsense": "1"}).status_code == 302
    assert client.get(address, {"_export": "csv", "nonsense": "1"}).status_code == 302


def test_pages_have_a_policy_of_their_own(seen: Office) -> None:
    policy = seen.client().get(reverse("admin:index"))["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval';" in policy
    assert "http" not in policy


def test_english_is_complete(seen: Office) -> None:
    client = seen.client()
    client.cookies["django_language"] = "en"
    for model in models():
        for address in addresses(model, seen):
            answer = client.get(address)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                assert '<html lang="en"' in answer.content.decode(), address


@pytest.mark.parametrize("model", [BankFile, Payment, BankCancellation, BankUpload])
def test_no_page_reads_bank_files_that_it_does_not_show(model: Any, seen: Office) -> None:
    client = seen.client()
    for address in (*addresses(model, seen), reverse("admin:payments_payment_desk")):
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        assert not [each for each in asked if '"payments_bankfile"."content"' in each["sql"]], address

"""For every tenant model: with rows of one tenant there, another tenant reads, changes and removes none."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Tenant
from accounts.services import add_operator
from accounts.services.branding import change_branding
from accounts.services.calendar_links import make_calendar_link
from billing_project import clock
from billing_project.bulk.registry import bulk_of
from billing_project.bulk.services import ask_for_bulk
from billing_project.calendar import Month
from billing_project.jobs.services import run_due
from billing_project.outbox.services import send_next
from billing_project.saved_filters.services import save_filter
from billing_project.submissions.services import is_first
from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.models import TenantModel
from cancellations.services import cancel
from invoices.eseal.services import upload_certificate
from invoices.models import AccessAction, Closing, Document, LeftOut
from invoices.services.export import ask_for_export
from invoices.services.link_reports import report_wrong_recipient
from invoices.services.links import Visitor, link_of, log_access
from invoices.services.month_runs import ask_for_month
from invoices.services.paper import ask_for_paper
from invoices.services.preview_runs import ask_for_preview
from ledger.journal.runs import ask_for_journal
from ledger.journal.services import export_journal, name_account
from orders.models import PendingDelivery, Product
from orders.services.quotes import Asking, ask_for_quote, ensure_quote_file, log_quote_access
from orders.services.uploads import upload_sales
from payments.models import BankCancellation, BankFile
from payments.rules import Destination
from payments.services import (
    receive_transfer,
    report_deposits,
    request_payout,
    set_payout_sender,
    write_payout_file,
)
from payments.services.dunning import halt_dunning, take_steps, write_off
from payments.services.uploads import upload_bank_file
from playbooks.services import ask_for_story
from tests.acts import at
from tests.factories import make_tenant, make_user
from tests.invoices.seals import seal_file
from tests.payments.cards import use_cards
from tests.playbooks.test_stories import SHORT
from tests.tenancy.catalog import TENANT_MODELS, rows
from tests.web.world import NOW, World, make_world

by_table = pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model._meta.db_table)


@pytest.fixture(scope="module")
def theirs(database: None) -> Tenant:
    """A tenant that has used everything there is."""
    world = make_world()
    with clock.frozen(NOW):
        with tenant_context(world.tenant):
            _use(world)
        while send_next(world.tenant.pk):
            pass
        run_due(world.tenant.pk)
        with tenant_context(world.tenant):
            customer, closing = world.company.customer, Closing.objects.earliest("pk")
            LeftOut.objects.create(closing=closing, customer=customer, found_at=NOW)
    return world.tenant


def _use(world: World) -> None:
    document = world.company.document
    add_operator(user=make_user())
    assert is_first(uuid4())
    save_filter(user_id=1, list_name="orders.order", name="未納品", query="state__exact=open")
    change_branding(colour="#1a4d8f")
    name_account(format="yayoi", key=("bank", "", None), account_name="当座預金")
    export_journal(month=Month(2026, 10), format="yayoi")
    ask_for_journal(month=Month(2026, 10), format="yayoi")
    upload_certificate(content=seal_file(), password="secret")
    receive_transfer(
        amount=document.to_pay,
        payer_name="ｶ)ｱｸﾒ",
        received_on=date(2026, 11, 2),
        reference="1",
        customer=world.company.customer,
    )
    make_calendar_link(member=world.company.members["authority"])
    link = link_of(world.link)
    assert link is not None
    report_wrong_recipient(link=link)
    log_access(document=document, action=AccessAction.OPENED, visitor=Visitor("keiri@example.com"))
    _fall_behind(world)
    ask_for_paper(document=document)
    mails = bulk_of("invoices.document.mail-found")
    ask_for_bulk(bulk=mails, rows=Document.objects.filter(pk=document.pk), expected=1, choice={})
    ask_for_export(documents=Document.objects.all(), wanted={})
    ensure_quote_file(world.company.quote)
    log_quote_access(
        quote=world.company.quote, action=AccessAction.OPENED, visitor=Visitor("keiri@example.com")
    )
    ask_for_quote(
        product=Product.objects.get(sku="DV-1Y"),
        quantity=1,
        asking=Asking("株式会社新規", "山田 太郎", "yamada@example.com"),
    )
    cancel(order=world.company.open, line_position=1)
    upload_sales(content=b"", file_name="sales.csv")
    ask_for_story(text=SHORT)
    ask_for_month(month=Month(2026, 10))
    ask_for_preview(month=Month(2026, 11))
    PendingDelivery.objects.create(order=world.company.open, positions=[1], amount=1, asked_at=NOW)
    _pay_out(world)
    use_cards(world.company.customer)
    for model, fields in _WITHOUT_A_SERVICE.items():
        found = next(each for each in TENANT_MODELS if each._meta.label == model)
        found.objects.create(**fields, **_customer_of(found, world))
    BankCancellation.objects.create(
        bank_file=BankFile.objects.get(),
        record=1,
        account="0001",
        booked_on=date(2026, 11, 2),
        amount=1,
        reference="1",
        why="",
    )


def _pay_out(world: World) -> None:
    customer = world.company.customer
    receive_transfer(
        amount=10_000, payer_name="ｶ)ｱｸﾒ", received_on=date(2026, 11, 2), reference="3", customer=customer
    )
    account = Destination("0005", "001", "1", "1234567", "ｶ)ｱｸﾒ")
    payout = request_payout(customer=customer, amount=5_000, account=account)
    set_payout_sender(
        sender_code="0000000001",
        sender_name="ｱﾙﾌｱ",
        bank_code="0001",
        branch_code="100",
        account_kind="1",
        account_number="1234567",
    )
    write_payout_file(pay_on=payout.pay_on)
    report_deposits(day=date(2026, 9, 30))
    upload_bank_file(content=b"", file_name="20261102.txt")


def _fall_behind(world: World) -> None:
    """The other company does not pay, then does after all."""
    document = world.companies[1].document
    with clock.frozen(at("2026-12-10 00:00")):
        take_steps(date(2026, 12, 10))
        halt_dunning(document=document, reason="異議")
        write_off(document=document, reason="倒産")
        receive_transfer(
            amount=document.to_pay,
            payer_name="ﾐﾅﾄ",
            received_on=date(2026, 12, 10),
            reference="2",
            customer=world.companies[1].customer,
        )


_WITHOUT_A_SERVICE: dict[str, dict[str, Any]] = {
    "accounts.BankAccount": {
        "bank_code": "0001",
        "bank_name": "みずほ銀行",
        "branch_code": "100",
        "branch_name": "本店",
        "number": "1234567",
        "holder_kana": "ｱﾙﾌｱ",
    },
    "ledger.Reservation": {"purpose": "order", "source_id": 1, "amount": 0},
    "payments.PayerName": {"name": "ｱｸﾒ"},
    "payments.VirtualAccount": {"number": "1001234567"},
    "payments.BankCsvMapping": {
        "name": "みずほ銀行",
        "account": "0001",
        "date_column": "1",
        "amount_column": "2",
        "payer_column": "3",
    },
    "payments.BankFile": {
        "kind": "csv",
        "sha256": "0" * 64,
        "content": b"",
        "imported_at": NOW,
        "entries": 0,
        "total": 0,
    },
}


def _customer_of(model: type[TenantModel], world: World) -> dict[str, object]:
    has_customer = any(field.name == "customer" for field in model._meta.local_fields)
    return {"customer": world.company.customer} if has_customer else {}


@pytest.fixture(scope="module")
def ours(database: None) -> Tenant:
    return make_tenant()


@by_table
def test_the_other_tenant_has_rows_and_we_see_none(
    model: type[TenantModel], theirs: Tenant, ours: Tenant
) -> None:
    with tenant_context(theirs):
        ids = list(model.objects.values_list("pk", flat=True))
    assert ids, "nothing made a row of it: the test would say nothing"
    with tenant_context(ours):
        assert not model.objects.filter(pk__in=ids).exists()
        table = model._meta.db_table
        assert rows(f"SELECT count(*) FROM {table} WHERE tenant_id = %s", theirs.pk) == [(0,)]
        assert rows(f"SELECT count(*) FROM {table} WHERE id = ANY(%s)", ids) == [(0,)]


@by_table
def test_no_row_of_another_tenant_is_changed_removed_or_taken_over(
    model: type[TenantModel], theirs: Tenant, ours: Tenant
) -> None:
    table = model._meta.db_table
    with tenant_context(ours):
        for sql in (
            f"UPDATE {table} SET tenant_id = %s WHERE tenant_id = {theirs.pk}",
            f"DELETE FROM {table} WHERE tenant_id = %s AND tenant_id = {theirs.pk}",
        ):
            assert _affected(sql, ours.pk) == 0


def _affected(sql: str, *parameters: int) -> int:
    """Rows touched; being refused the statement as such counts as none."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.rowcount
    except DatabaseError as error:
        assert "permission denied" in str(error)  # noqa: PT017 — any other refusal is a surprise
        return 0

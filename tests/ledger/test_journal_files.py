"""Files of a month: written by a worker, once for each entry, never changed, fetched by those who may."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.models import OperatorRole, Tenant
from accounts.services import add_operator
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.backoffice.inbox import kinds, waiting
from billing_project.calendar import Month
from billing_project.errors import Code
from billing_project.jobs.runs import RunState, note_progress
from billing_project.tenancy.context import tenant_context
from ledger.journal import services
from ledger.journal.runs import ask_for_journal, run_journal
from ledger.journal.services import export_journal, name_account, outlook_of_journal
from ledger.models import Account, Entry, JournalExport, JournalExported, JournalFormat, JournalRun, Line
from ledger.services import Posting, post
from tests.acts import at, refused
from tests.factories import make_customer, make_tenant, make_user
from tests.web.world import sign_in

OCTOBER = Month(2026, 10)
YAYOI, FREEE = JournalFormat.YAYOI, JournalFormat.FREEE
DAY = date(2026, 10, 31)
A = Account


@pytest.fixture
def tenant() -> Iterator[Tenant]:
    tenant = make_tenant()
    with clock.frozen(at("2026-11-02 10:00")), tenant_context(tenant):
        _book(1, date(2026, 10, 1), 1_000)
        _book(2, date(2026, 10, 31), 2_000)
        _book(3, date(2026, 11, 1), 4_000)
    with clock.frozen(at("2026-11-02 12:00")):
        yield tenant


def _book(source: int, day: date, amount: int) -> Entry:
    customer = make_customer(f"顧客{source}")
    return post(
        booked_on=day,
        reason="payment",
        source_id=source,
        memo="ｶ)ｱｸﾒ",
        postings=[Posting(A.BANK, amount), Posting(A.DEPOSIT, -amount, customer.pk)],
    )


def _sell(source: int, day: date, net: int) -> Entry:
    return post(
        booked_on=day,
        reason="document",
        source_id=source,
        memo="INV-1",
        postings=[
            Posting(A.RECEIVABLE, net * 11 // 10, make_customer(f"顧客{source}").pk),
            Posting(A.SALES, -net, None, "standard", 10),
            Posting(A.TAX_PAYABLE, -net // 10, None, "standard", 10),
        ],
    )


def test_a_month_exported_twice_is_the_same_file_and_what_came_later_another(tenant: Tenant) -> None:
    with tenant_context(tenant):
        first = export_journal(month=OCTOBER, format=YAYOI)
        again = export_journal(month=OCTOBER, format=YAYOI)
        assert (again.pk, bytes(again.content)) == (first.pk, bytes(first.content))
        assert (first.number, first.entries, first.total) == (1, 2, 3_000)
        assert bytes(first.content).decode("cp932") == (
            "2000,1,,2026/10/01,普通預金,,,対象外,1000,,前受金,,,対象外,1000,,"
            "入金 ｶ)ｱｸﾒ 顧客1,,,0,,,0,0,no\r\n"
            "2000,2,,2026/10/31,普通預金,,,対象外,2000,,前受金,,,対象外,2000,,"
            "入金 ｶ)ｱｸﾒ 顧客2,,,0,,,0,0,no\r\n"
        )
        _book(4, date(2026, 10, 31), 8_000)
        name_account(format=YAYOI, key=("bank", "", None), account_name="当座預金", sub_account="みずほ")
        second = export_journal(month=OCTOBER, format=YAYOI)
        assert (second.number, second.total) == (2, 8_000)
        assert (
            bytes(second.content)
            .decode("cp932")
            .startswith("2000,3,,2026/10/31,当座預金,みずほ,,対象外,8000,")
        )
        assert bytes(JournalExport.objects.get(number=1).content) == bytes(first.content)
        assert export_journal(month=OCTOBER, format=FREEE).entries == 3
        october = Line.objects.filter(entry__booked_on__lte=DAY, amount__gt=0)
        assert sum(october.values_list("amount", flat=True)) == first.total + second.total
        assert AuditEntry.objects.filter(action="journal_exported").count() == 3


def test_an_entry_is_in_one_file_and_files_never_change(tenant: Tenant) -> None:
    with tenant_context(tenant):
        export = export_journal(month=OCTOBER, format=YAYOI)
        entry = JournalExported.objects.earliest("pk").entry
        with pytest.raises(DatabaseError), transaction.atomic():
            JournalExported.objects.create(export=export, format=YAYOI, entry=entry)
        with pytest.raises(DatabaseError), transaction.atomic():
            JournalExport.objects.update(total=1)
        with pytest.raises(DatabaseError), transaction.atomic():
            JournalExport.objects.all().delete()


def test_an_account_without_a_name_is_refused_by_name(tenant: Tenant) -> None:
    with tenant_context(tenant):
        name_account(format=YAYOI, key=("bank", "", None), account_name="")
        with refused(Code.JOURNAL_ACCOUNT_MISSING), clock.frozen(at("2026-11-02 13:00")):
            export_journal(month=OCTOBER, format=YAYOI)
        assert not JournalExport.objects.exists()
        export_journal(month=OCTOBER, format=FREEE)
        with refused(Code.INVALID_INPUT):
            name_account(format=YAYOI, key=("bank", "standard", 10), account_name="普通預金")
        with refused(Code.NOTHING_TO_EXPORT):
            export_journal(month=Month(2026, 9), format=YAYOI)


def test_another_tenants_entries_and_files_are_not_there(tenant: Tenant) -> None:
    with tenant_context(tenant):
        export = export_journal(month=OCTOBER, format=YAYOI)
    other = make_tenant()
    user = make_user()
    with tenant_context(other):
        add_operator(user=user)
        with refused(Code.NOTHING_TO_EXPORT):
            export_journal(month=OCTOBER, format=YAYOI)
    download = reverse("admin:ledger_journalexport_download", args=[export.pk])
    assert sign_in(user, other).get(download).status_code == 404


def test_by_the_browsers_way(tenant: Tenant) -> None:
    users = {role: make_user() for role in (OperatorRole.ACCOUNTING, OperatorRole.SUPPORT)}
    with tenant_context(tenant):
        for role, user in users.items():
            add_operator(user=user, role=role)
    client = sign_in(users[OperatorRole.ACCOUNTING], tenant)
    address, chosen = reverse("admin:ledger_journalexport_export"), {"month": "2026-10", "format": "yayoi"}
    assert "3,000" in client.get(address, chosen).content.decode()
    page = client.post(address, chosen)["Location"]
    assert client.post(address, chosen)["Location"] == page
    assert 'hx-trigger="every 2s"' in client.get(page).content.decode()
    with tenant_context(tenant):
        run = JournalRun.objects.get()
        assert not JournalExport.objects.exists()
    note_progress(run, 1, 2)
    assert 'value="1" max="2"' in client.get(page).content.decode()
    for _delivered_twice in range(2):
        run_journal(tenant_id=tenant.pk, run_id=run.pk)
    with tenant_context(tenant):
        export = JournalExport.objects.get()
    download = reverse("admin:ledger_journalexport_download", args=[export.pk])
    html = client.get(page).content.decode()
    assert download in html
    assert reverse("admin:ledger_journalexport_change", args=[export.pk]) in html
    assert client.get(download).content == bytes(export.content)
    assert client.post(address, {"month": "2026-13", "format": "yayoi"}).status_code == 422
    assert client.post(address, {"month": "2026-08", "format": "yayoi"}).status_code == 422
    named = client.post(
        reverse("admin:ledger_journalmapping_name"),
        {"format": "mf", "account": "bank", "account_name": "当座預金"},
    )
    assert named.status_code == 302
    support = sign_in(users[OperatorRole.SUPPORT], tenant)
    assert support.post(address, chosen).status_code == 403
    assert support.get(download).status_code == 403
    assert download not in support.get(page).content.decode()


def test_a_month_asked_for_again_is_its_last_file(tenant: Tenant) -> None:
    with tenant_context(tenant):
        export = export_journal(month=OCTOBER, format=YAYOI)
        run = ask_for_journal(month=OCTOBER, format=YAYOI)
        with refused(Code.NOTHING_TO_EXPORT):
            ask_for_journal(month=Month(2026, 9), format=YAYOI)
    run_journal(tenant_id=tenant.pk, run_id=run.pk)
    with tenant_context(tenant):
        run.refresh_from_db()
        assert (run.state, run.export_id) == (RunState.DONE, export.pk)


def test_a_name_that_is_missing_is_told_before_and_by_the_worker(tenant: Tenant) -> None:
    """Taken away between asking and writing, it is a matter for the inbox, and no file was written."""
    with tenant_context(tenant):
        run = ask_for_journal(month=OCTOBER, format=YAYOI)
        name_account(format=YAYOI, key=("bank", "", None), account_name="")
        with refused(Code.JOURNAL_ACCOUNT_MISSING):
            ask_for_journal(month=OCTOBER, format=YAYOI)
    run_journal(tenant_id=tenant.pk, run_id=run.pk)
    with tenant_context(tenant):
        run.refresh_from_db()
        assert (run.state, run.export_id) == (RunState.REFUSED, None)
        assert str(Account.BANK.label) in run.message
        assert not JournalExport.objects.exists()
        [kind] = [each for each in kinds() if each.code == "journal_runs"]
        assert [item.pk for item in waiting({kind.code: kind.rows()}, 0, 10)] == [run.pk]


def test_sums_beforehand_are_those_of_the_file_and_its_progress_is_told(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "TOLD_EVERY", 1)
    told: list[int] = []
    with tenant_context(tenant):
        _sell(5, date(2026, 10, 20), 1_000)
        found = outlook_of_journal(month=OCTOBER, format=YAYOI)
        export = export_journal(month=OCTOBER, format=YAYOI, told=told.append)
        assert (found.entries, found.debit, found.credit) == (3, 4_100, 4_100)
        assert (export.entries, export.total) == (3, 4_100)
        assert told == [1, 2, 3]
        assert outlook_of_journal(month=OCTOBER, format=YAYOI).entries == 0

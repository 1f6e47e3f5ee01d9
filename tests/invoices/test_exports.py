"""Exports of what was found: made ready by any number of hands, fetched by who asked, until they expire."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, Tenant
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.errors import Code, Refusal
from billing_project.jobs.runs import RunState
from billing_project.tenancy.context import tenant_context
from invoices.models import Document, DocumentAccess, DocumentExport, DocumentFile
from invoices.services.export import ask_for_export, make_files, making, progress_of_export, zip_of
from invoices.services.files import claim
from tests.web.world import NOW, World, make_world

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture(autouse=True)
def now() -> Iterator[clock.FrozenClock]:
    with clock.frozen(NOW) as standing:
        yield standing


@pytest.fixture
def world() -> World:
    return make_world()


def asked(tenant: Tenant) -> DocumentExport:
    with tenant_context(tenant):
        return ask_for_export(documents=Document.objects.all(), wanted={"kind": "invoice"})


def made(tenant: Tenant, export: DocumentExport) -> DocumentExport:
    while make_files(tenant_id=tenant.pk, export_id=export.pk):
        pass
    with tenant_context(tenant):
        return DocumentExport.objects.get(pk=export.pk)


def opened(content: bytes) -> tuple[list[dict[str, str]], dict[str, bytes]]:
    """The rows of the index, and the other files by their names."""
    with ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    index = files.pop("index.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(index))), files


def test_the_archive_holds_the_files_that_its_index_names(world: World) -> None:
    export = made(world.tenant, asked(world.tenant))
    assert export.state == RunState.DONE
    rows, files = opened(b"".join(zip_of(world.tenant.pk, export.document_ids, NOW.date())))
    assert len(rows) == export.document_count > 1
    assert {row[name] for row in rows for name in ("file", "xml_file")} == set(files)
    for row in rows:
        assert hashlib.sha256(files[row["file"]]).hexdigest() == row["sha256"]
        assert hashlib.sha256(files[row["xml_file"]]).hexdigest() == row["xml_sha256"]
        assert int(row["net"]) + int(row["tax"]) == int(row["total"])
    again = b"".join(zip_of(world.tenant.pk, export.document_ids, NOW.date()))
    assert opened(again) == (rows, files)


def test_what_another_hand_has_is_left_to_it(world: World) -> None:
    export = asked(world.tenant)
    first, *_rest = export.document_ids
    with tenant_context(world.tenant):
        assert claim(first)
        # The same transaction may claim it again; another one may not: it makes the others and stops.
        _in_another_thread(lambda: make_files(tenant_id=world.tenant.pk, export_id=export.pk))
        missing = set(export.document_ids) - set(DocumentFile.objects.values_list("document_id", flat=True))
        assert missing == {first}
        export.refresh_from_db()
        assert export.state == RunState.RUNNING
    assert made(world.tenant, export).state == RunState.DONE


def _in_another_thread(work: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    def alone() -> None:
        try:
            with clock.frozen(NOW):
                work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(alone).result()


def test_a_search_without_documents_and_one_with_too_many(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant_context(world.tenant):
        with pytest.raises(Refusal) as refusal:
            ask_for_export(documents=Document.objects.none(), wanted={})
        assert refusal.value.code == Code.INVALID_INPUT
        monkeypatch.setattr(making, "MOST", 1)
        with pytest.raises(Refusal) as refusal:
            ask_for_export(documents=Document.objects.all(), wanted={})
        assert refusal.value.code == Code.TOO_MANY_DOCUMENTS
        assert not DocumentExport.objects.exists()


def test_an_export_is_in_the_audit_log(world: World) -> None:
    export = asked(world.tenant)
    with tenant_context(world.tenant):
        entry = AuditEntry.objects.get(action="documents_exported")
    assert entry.data == {"kind": "invoice", "count": export.document_count}


# In the control panel


def ask_in_panel(client: Client, query: str = "") -> str:
    answer = client.post(f"{reverse('invoices:export_new')}?{query}")
    assert answer.status_code == 302
    return str(answer["Location"])


def test_a_member_gets_what_the_list_found(world: World, now: clock.FrozenClock) -> None:
    client = world.client()
    address = ask_in_panel(client, "kind=invoice")
    assert 'hx-trigger="every 2s"' in client.get(address).content.decode()
    with tenant_context(world.tenant):
        export = DocumentExport.objects.get()
    assert client.get(f"{address}zip/").status_code == 302
    made(world.tenant, export)
    assert "zip/" in client.get(address).content.decode()
    rows, _files = opened(client.get(f"{address}zip/").getvalue())
    with tenant_context(world.tenant):
        mine = Document.objects.filter(customer=world.company.customer, kind="invoice")
        assert {row["number"] for row in rows} == set(mine.values_list("number", flat=True)) != set()
        log = DocumentAccess.objects.filter(form="zip")
        assert log.count() == len(rows)
        assert {entry.actor_kind for entry in log} == {"member"}
    now.move_to(NOW + timedelta(days=8))
    assert world.client().get(f"{address}zip/").status_code == 302


def test_nobody_else_gets_it(world: World) -> None:
    address = ask_in_panel(world.client())
    with tenant_context(world.tenant):
        export = made(world.tenant, DocumentExport.objects.get())
    colleague = world.client(Role.ACCOUNTING)
    elsewhere = make_world()
    for client in (colleague, elsewhere.client()):
        for page in (address, f"{address}zip/"):
            assert client.get(page).status_code == 404
    with tenant_context(elsewhere.tenant):
        assert not DocumentExport.objects.filter(pk=export.pk).exists()
        assert progress_of_export(export).done == 0


def test_a_search_that_finds_nothing_says_so(world: World) -> None:
    client = world.client()
    answer = client.post(f"{reverse('invoices:export_new')}?issued_to=2001-01-01", follow=True)
    assert "エクスポートできる帳票がありません" in answer.content.decode()


def test_only_what_is_ticked_and_may_be_seen(world: World) -> None:
    """Ticking another company's document, or something that is no id, adds nothing."""
    mine, theirs = (company.document for company in world.companies)
    client, ticked = world.client(), [str(mine.public_id), str(theirs.public_id), "nonsense"]
    answer = client.post(reverse("invoices:export_new"), {"selected": "1", "document": ticked})
    assert answer.status_code == 302
    with tenant_context(world.tenant):
        export = DocumentExport.objects.get()
        assert export.document_ids == [mine.pk]
        assert export.wanted == {"selected": mine.number}
    sheet = client.post(reverse("invoices:csv"), {"selected": "1", "document": ticked})
    rows = sheet.content.decode("utf-8-sig").split("\r\n")[1:-1]
    assert [row.split(",")[0] for row in rows] == [mine.number]


@pytest.mark.parametrize("page", ["invoices:export_new", "invoices:csv"])
def test_nothing_ticked_is_told(page: str, world: World) -> None:
    answer = world.client().post(reverse(page), {"selected": "1"}, follow=True)
    assert "選択されていません" in answer.content.decode()
    with tenant_context(world.tenant):
        assert not DocumentExport.objects.exists()

"""Long work from the admin: a sales file from upload to import, a month from preview to its documents."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from billing_project import clock
from billing_project.jobs.runs import RunState
from billing_project.tenancy.context import tenant_context
from invoices.models import Closing, ClosingState, MonthRun
from invoices.services.month_runs import run_month
from orders.models import Order, OrderSource, SalesUpload
from orders.sales_file import write_sales_file
from orders.sales_sample import sample_sales
from orders.services.uploads import run_import
from tests.acts import at
from tests.admin.test_acts import count, get, post, url
from tests.admin.world import Office


def sales(lines: int = 12) -> bytes:
    rows = sample_sales(month=date(2026, 10, 1), customers=3, lines=lines, seed=7, until=date(2026, 11, 3))
    return write_sales_file(rows)


def upload(office: Office, content: bytes) -> Any:
    file = SimpleUploadedFile("sales-2026-10.csv", content, "text/csv")
    answer = office.client().post(url("orders_salesupload_new"), {"file": file})
    assert answer.status_code == 302
    return get(office, SalesUpload, file_name="sales-2026-10.csv")


def page(office: Office, row: Any) -> str:
    name = f"{row._meta.app_label}_{row._meta.model_name}_change"
    return office.client().get(url(name, row.pk)).content.decode()


def test_a_file_is_looked_at_before_it_is_imported(office: Office) -> None:
    row = upload(office, sales())
    html = page(office, row)
    assert "取り込みの内容" in html
    assert "税区分ごとの合計" in html
    assert count(office, Order, source=OrderSource.IMPORT) == 0
    assert post(office, "orders_salesupload_import", row.pk).status_code == 302
    assert get(office, SalesUpload, pk=row.pk).state == RunState.QUEUED
    assert 'hx-trigger="every 2s"' in page(office, row)
    for _delivered_twice in range(2):
        run_import(tenant_id=office.tenant.pk, upload_id=row.pk)
    done = get(office, SalesUpload, pk=row.pk)
    assert (done.state, done.result["skipped"], bytes(done.content)) == (RunState.DONE, 0, b"")
    assert count(office, Order, source=OrderSource.IMPORT) == done.result["created"] > 0
    assert 'hx-trigger="every 2s"' not in page(office, row)


def test_a_broken_file_names_its_places_and_is_refused(office: Office) -> None:
    text = sales().decode("cp932").splitlines()
    text[3] = text[3].replace("課税10%", "課税99%").replace("軽減8%", "軽減99%")
    row = upload(office, "\r\n".join(text).encode())
    html = page(office, row)
    assert "取り込めません" in html
    assert "99%" in html
    post(office, "orders_salesupload_import", row.pk)
    run_import(tenant_id=office.tenant.pk, upload_id=row.pk)
    refused = get(office, SalesUpload, pk=row.pk)
    assert refused.state == RunState.REFUSED
    assert "何も" in refused.message
    assert count(office, Order, source=OrderSource.IMPORT) == 0
    assert refused.message in page(office, row)


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe", "列\n1\n".encode()])
def test_what_is_no_sales_file_is_said_so(content: bytes, office: Office) -> None:
    file = SimpleUploadedFile("nonsense.csv", content, "text/csv")
    answer = office.client().post(url("orders_salesupload_new"), {"file": file}, follow=True)
    assert answer.status_code in (200, 422)
    assert count(office, Order, source=OrderSource.IMPORT) == 0


def test_a_discarded_file_is_gone(office: Office) -> None:
    row = upload(office, sales())
    post(office, "orders_salesupload_discard", row.pk)
    gone = get(office, SalesUpload, pk=row.pk)
    assert (gone.state, bytes(gone.content)) == (RunState.DISCARDED, b"")
    assert post(office, "orders_salesupload_import", row.pk).status_code == 422
    assert post(office, "orders_salesupload_discard", row.pk).status_code == 422


def test_a_month_is_closed_by_a_worker(office: Office) -> None:
    with tenant_context(office.tenant):
        MonthRun.objects.update(state=RunState.DONE)
    with clock.frozen(at("2026-12-01 09:00")):
        client = office.client()
        assert "締めて発行する" in client.get(url("invoices_closing_next")).content.decode()
        first = client.post(url("invoices_closing_next"), {"month": "2026-11"})
        assert (
            client.post(url("invoices_closing_next"), {"month": "2026-11"})["Location"] == first["Location"]
        )
        run = get(office, MonthRun, month="2026-11")
        assert first["Location"] == url("invoices_monthrun_change", run.pk)
        assert 'hx-trigger="every 2s"' in page(office, run)
        for _delivered_twice in range(2):
            run_month(tenant_id=office.tenant.pk, run_id=run.pk)
        run = get(office, MonthRun, pk=run.pk)
        assert (run.state, run.result["documents"]) == (RunState.DONE, 2)
        closing = get(office, Closing, closes_on=date(2026, 11, 30))
        assert closing.state == ClosingState.ISSUED
        html = page(office, run)
        assert "0 / 2" in html
        assert reverse("admin:invoices_closing_change", args=[closing.pk]) in html


def test_a_month_that_is_not_over_is_refused(office: Office) -> None:
    answer = post(office, "invoices_closing_next", month="2026-11")
    assert answer.status_code == 422
    assert "まだ終わっていません" in answer.content.decode()
    assert count(office, MonthRun, month="2026-11") == 0


def test_a_run_that_fails_says_why(office: Office) -> None:
    """The failed job of the world is not of the calendar; a month from before the beginning is refused."""
    with tenant_context(office.tenant):
        run = MonthRun.objects.create(month="2026-12", asked_by="x", asked_at=clock.now())
    run_month(tenant_id=office.tenant.pk, run_id=run.pk)
    assert get(office, MonthRun, pk=run.pk).state == RunState.REFUSED
    assert "まだ終わっていません" in page(office, run)

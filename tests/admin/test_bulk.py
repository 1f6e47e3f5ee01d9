"""Acts on all rows that a list has found: by a worker, row by row, nothing twice, with a report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import OperatorRole
from billing_project import clock
from billing_project.audit.models import ActorKind, AuditEntry
from billing_project.audit.services import Actor, acting_as
from billing_project.bulk.models import BulkRow, BulkRun, RowState
from billing_project.bulk.registry import bulk_of
from billing_project.bulk.services import ask_for_bulk, run_bulk, stop
from billing_project.errors import Refusal
from billing_project.jobs.runs import RunState
from billing_project.outbox.models import Mail
from billing_project.tenancy.context import tenant_context
from invoices.models import Document
from orders.models import Order, OrderState
from orders.services import deliver
from payments.models import DunningCase, DunningHalt
from payments.services.dunning import take_steps
from tests.acts import at
from tests.admin.world import NOW, Office
from tests.rivals import Rival

MAIL, DELIVER = "invoices.document.mail-found", "orders.order.deliver-found"


def asked(office: Office, code: str) -> BulkRun:
    """Of all rows of the act's model."""
    with tenant_context(office.tenant):
        bulk = bulk_of(code)
        rows = bulk.model._default_manager.all()
        return ask_for_bulk(bulk=bulk, rows=rows, expected=rows.count(), choice={})


def carried_out(office: Office, run: BulkRun) -> BulkRun:
    run_bulk(tenant_id=office.tenant.pk, run_id=run.pk)
    with tenant_context(office.tenant):
        return BulkRun.objects.get(pk=run.pk)


def mailed(office: Office) -> int:
    with tenant_context(office.tenant):
        return Mail.objects.filter(kind="document_issued").count()


def send(office: Office, page: str, query: str, **choice: Any) -> Any:
    """The page is opened and sent as it is shown."""
    client, address = office.client(), f"{reverse(page)}?{query}"
    shown = client.get(address)
    expected = shown.context["form"]["expected"].value()
    return client.post(address, {"expected": expected, **choice})


def last_run(office: Office) -> BulkRun:
    with tenant_context(office.tenant):
        return BulkRun.objects.latest("pk")


def test_all_that_the_list_has_found_is_mailed_once(office: Office) -> None:
    """Two documents of two companies; the search finds one."""
    before, number = mailed(office), office.world.company.document.number
    answer = send(office, "admin:invoices_document_mail-found", f"q={number}")
    run = last_run(office)
    assert answer["Location"] == reverse("admin:bulk_bulkrun_change", args=[run.pk])
    assert (run.row_count, run.state) == (1, RunState.QUEUED)
    for _delivered_twice in range(2):
        run = carried_out(office, run)
    assert (run.state, run.result) == (RunState.DONE, {"done": 1})
    assert mailed(office) == before + 1
    page = office.client().get(answer["Location"]).content.decode()
    assert "完了: 1" in page


def test_each_row_is_a_transaction_so_a_dead_worker_leaves_nothing_to_be_done_twice(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker dies after the first of two rows: before the second row's result is written."""
    before, run = mailed(office), asked(office, MAIL)
    saved = BulkRow.save
    rows: list[int] = []

    def dies(row: BulkRow, **options: Any) -> None:
        rows.append(row.pk)
        if len(rows) == 2:
            raise KeyboardInterrupt
        saved(row, **options)

    monkeypatch.setattr(BulkRow, "save", dies)
    with pytest.raises(KeyboardInterrupt):
        run_bulk(tenant_id=office.tenant.pk, run_id=run.pk)
    monkeypatch.undo()
    assert mailed(office) == before + 1
    run = carried_out(office, run)
    assert (run.state, run.result) == (RunState.DONE, {"done": 2})
    assert mailed(office) == before + 2


def test_what_is_refused_is_told_with_its_reason(office: Office) -> None:
    """Both companies have a delivered order, and an open one of which one line is left."""
    run = carried_out(office, asked(office, DELIVER))
    assert (run.state, run.result) == (RunState.DONE, {"done": 2, "refused": 2})
    with tenant_context(office.tenant):
        assert not Order.objects.filter(state__in=[OrderState.OPEN, OrderState.PARTLY_DELIVERED]).exists()
    client = office.client()
    page = client.get(reverse("admin:bulk_bulkrun_change", args=[run.pk])).content.decode()
    assert "完了: 2、拒否: 2" in page
    lines = client.get(reverse("admin:bulk_bulkrun_refusals", args=[run.pk])).content.decode("utf-8-sig")
    assert office.world.company.billed.number in lines
    assert lines.count("already_delivered") == 2


def test_a_delivery_done_before_the_worker_died_is_done(office: Office) -> None:
    """It was begun and delivered, and its result was not written: what it refuses with says so."""
    run, order = asked(office, DELIVER), office.world.company.open
    with tenant_context(office.tenant):
        BulkRow.objects.filter(run=run, object_id=order.pk).update(state=RowState.BEGUN)
    deliver(order=order)
    carried_out(office, run)
    with tenant_context(office.tenant):
        assert BulkRow.objects.get(run=run, object_id=order.pk).state == RowState.DONE
        assert (
            BulkRow.objects.get(run=run, object_id=office.world.company.billed.pk).state == RowState.REFUSED
        )


def test_customers_are_halted_and_resumed(office: Office) -> None:
    with clock.frozen(at("2026-12-10 09:00")):
        with tenant_context(office.tenant):
            take_steps(date(2026, 12, 10))
            cases = DunningCase.objects.filter(closed_at=None).count()
        assert send(office, "admin:payments_dunningcase_halt-found", "", reason="異議").status_code == 302
        run = carried_out(office, last_run(office))
        assert (run.row_count, run.result) == (cases, {"done": cases})
        with tenant_context(office.tenant):
            assert DunningHalt.objects.filter(resumed_on=None, reason="異議").count() == cases
        assert send(office, "admin:payments_dunningcase_resume-found", "").status_code == 302
        carried_out(office, last_run(office))
        with tenant_context(office.tenant):
            assert not DunningHalt.objects.filter(resumed_on=None).exists()


def test_another_list_than_was_shown_is_not_acted_on(office: Office) -> None:
    with tenant_context(office.tenant):
        bulk = bulk_of(MAIL)
        for rows, expected in ((Document.objects.all(), 1), (Document.objects.none(), 0)):
            with pytest.raises(Refusal) as refused:
                ask_for_bulk(bulk=bulk, rows=rows, expected=expected, choice={})
            assert refused.value.code == "invalid_input"
    answer = office.client().post(reverse("admin:invoices_document_mail-found"), {"expected": 1})
    assert answer.status_code == 422


def test_a_run_that_failed_goes_on(office: Office) -> None:
    run = asked(office, MAIL)
    with tenant_context(office.tenant):
        run.end(RunState.FAILED, message="broken")
    page = reverse("admin:bulk_bulkrun_go-on", args=[run.pk])
    assert office.client().post(page, {}).status_code == 302
    assert carried_out(office, run).state == RunState.DONE
    assert office.client().post(page, {}).status_code == 422


def stop_page(run: BulkRun) -> str:
    return reverse("admin:bulk_bulkrun_stop", args=[run.pk])


def page(office: Office, run: BulkRun) -> str:
    return office.client().get(reverse("admin:bulk_bulkrun_change", args=[run.pk])).content.decode()


class TestStopping:
    """Of two documents; the operator presses the button while the worker is at the first, or later."""

    @pytest.fixture
    def pressing(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> Callable[[int, BulkRun], None]:
        """Another session presses the button, twice, while the worker writes the result of the n-th row."""

        def set_up(nth: int, run: BulkRun) -> None:
            saved, rows = BulkRow.save, list[int]()

            def save(row: BulkRow, **options: Any) -> None:
                saved(row, **options)
                rows.append(row.pk)
                if len(rows) == nth:
                    for _twice in range(2):
                        rival = Rival(office.tenant, NOW, lambda: _stop_as(office, run)).start()
                        rival.join()
                        assert rival.error is None

            monkeypatch.setattr(BulkRow, "save", save)

        return set_up

    def test_the_worker_ends_after_the_row_it_is_at(
        self, office: Office, pressing: Callable[[int, BulkRun], None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before, run = mailed(office), asked(office, MAIL)
        pressing(1, run)
        run = carried_out(office, run)
        monkeypatch.undo()
        assert (run.state, run.result) == (RunState.STOPPED, {"done": 1, "waiting": 1})
        assert mailed(office) == before + 1
        who = office.operators[OperatorRole.ACCOUNTING].email
        assert run.stopped_by == who
        with tenant_context(office.tenant):
            assert AuditEntry.objects.filter(action="bulk_act_stopped").count() == 1
        html = page(office, run)
        assert f"{who} が中止しました(2件中1件まで)" in html
        assert 'hx-trigger="every 2s"' not in html
        assert stop_page(run) not in html

    def test_a_task_that_comes_again_does_not_go_on(self, office: Office) -> None:
        """The sweep asks for what runs or is queued; what was stopped is neither."""
        before, run = mailed(office), asked(office, MAIL)
        assert office.client().post(stop_page(run), {}).status_code == 302
        run = carried_out(office, run)
        assert (run.state, run.result, mailed(office)) == (RunState.STOPPED, {"waiting": 2}, before)
        assert RunState.STOPPED not in BulkRun.asked_again

    def test_it_goes_on_where_it_was_stopped(
        self, office: Office, pressing: Callable[[int, BulkRun], None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before, run = mailed(office), asked(office, MAIL)
        pressing(1, run)
        run = carried_out(office, run)
        monkeypatch.undo()
        assert office.client().post(reverse("admin:bulk_bulkrun_go-on", args=[run.pk]), {}).status_code == 302
        run = carried_out(office, run)
        assert (run.state, run.result, run.stopped_by) == (RunState.DONE, {"done": 2}, "")
        assert mailed(office) == before + 2

    def test_pressed_at_the_last_row_it_comes_too_late(
        self, office: Office, pressing: Callable[[int, BulkRun], None]
    ) -> None:
        """All is done: there is nothing that could be gone on with."""
        run = asked(office, MAIL)
        pressing(2, run)
        run = carried_out(office, run)
        assert (run.state, run.result) == (RunState.DONE, {"done": 2})
        assert office.client().post(stop_page(run), {}).status_code == 422
        assert office.client().post(reverse("admin:bulk_bulkrun_go-on", args=[run.pk]), {}).status_code == 422

    def test_pressed_after_the_worker_has_died(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        """The delivery was begun and the worker died: the next one finds the wish, and does no more."""
        run, order = asked(office, DELIVER), office.world.company.open
        with tenant_context(office.tenant):
            BulkRow.objects.filter(run=run, object_id=order.pk).update(state=RowState.BEGUN)
            BulkRun.objects.filter(pk=run.pk).update(state=RunState.RUNNING)
        assert stop_page(run) in page(office, run)
        assert office.client().post(stop_page(run), {}).status_code == 302
        assert "処理中の行が終わりしだい中止します" in page(office, run)
        run = carried_out(office, run)
        assert (run.state, run.result["begun"]) == (RunState.STOPPED, 1)
        with tenant_context(office.tenant):
            assert Order.objects.get(pk=order.pk).state != OrderState.DELIVERED

    def test_who_only_reads_stops_nothing(self, office: Office) -> None:
        run = asked(office, MAIL)
        assert office.client(OperatorRole.SUPPORT).post(stop_page(run), {}).status_code == 403
        assert (
            stop_page(run)
            not in office.client(OperatorRole.SUPPORT)
            .get(reverse("admin:bulk_bulkrun_change", args=[run.pk]))
            .content.decode()
        )
        assert carried_out(office, run).state == RunState.DONE


def _stop_as(office: Office, run: BulkRun) -> None:
    user = office.operators[OperatorRole.ACCOUNTING]
    with acting_as(Actor(ActorKind.OPERATOR, user.email, user.pk)):
        stop(run=run)

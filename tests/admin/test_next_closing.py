"""What the coming closing would bill: worked out by a worker when an operator asks, stored, and only read."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import OperatorRole
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.backoffice.inbox import kinds
from billing_project.jobs.runs import RunState, turn_of
from billing_project.tenancy.context import tenant_context
from invoices.models import Closing, ClosingState, Document, NumberCounter, PreviewRun
from invoices.services import preview_runs
from invoices.services.closing import close_period, issue_closing
from invoices.services.preview_runs import run_preview
from orders.services import deliver
from tests.acts import at
from tests.admin.test_acts import count, get, last_act, post, url
from tests.admin.world import NOW, Office
from tests.rendering.reading import text_of
from tests.rivals import Rival

PAGE = "invoices_closing_next"
NOVEMBER_30 = date(2026, 11, 30)


def asked(office: Office, month: str = "2026-11") -> PreviewRun:
    """The operator has pressed the button."""
    assert post(office, PAGE, month=month, work_out="1").status_code == 302
    with tenant_context(office.tenant):
        return PreviewRun.objects.latest("pk")


def worked_out(office: Office, run: PreviewRun) -> PreviewRun:
    run_preview(tenant_id=office.tenant.pk, run_id=run.pk)
    return get(office, PreviewRun, pk=run.pk)


def shown(office: Office, role: str = OperatorRole.ADMIN, **query: str) -> str:
    answer = office.client(role).get(url(PAGE), query)
    assert answer.status_code == 200
    return answer.content.decode()


def written(office: Office) -> tuple[int, ...]:
    return tuple(count(office, model) for model in (Document, Closing, NumberCounter))


def test_the_page_works_nothing_out(office: Office) -> None:
    """Neither by being opened nor by being opened again: without a result it has a button."""
    with CaptureQueriesContext(connection) as opened:
        html = shown(office, month="2026-12")
    assert "まだ計算していません" in html
    assert 'name="work_out"' in html
    assert not [each["sql"] for each in opened if "invoices_billinggate" in each["sql"]]
    assert count(office, PreviewRun, month="2026-12") == 0


def test_what_was_worked_out_is_shown_and_nothing_was_changed(office: Office) -> None:
    """The delivery of 11-02, 30,000 yen and 10 percent, of each of the two companies."""
    before, run = written(office), asked(office)
    assert last_act(office).action == "closing_preview_asked"
    waiting = shown(office, month="2026-11")
    assert f'hx-get="{url(PAGE)}?month=2026-11"' in waiting
    for _delivered_twice in range(2):
        run = worked_out(office, run)
    assert (run.state, run.result["figures"]["documents"]) == (RunState.DONE, 2)
    assert written(office) == before
    client = office.client()
    with CaptureQueriesContext(connection) as asked_for:
        html = client.get(url(PAGE)).content.decode()
    questions = [each["sql"] for each in asked_for if each["sql"].startswith(("SELECT", "INSERT", "UPDATE"))]
    assert len(questions) <= 15, questions
    for text in ("2026-11 の締め", "33,000円", "66,000円", "月の途中です", run.asked_by, "2026-11-03 09:00"):
        assert text in html
    assert "締めて発行する" not in html
    assert 'hx-trigger="every 2s"' not in html
    assert url(PAGE) in office.client().get(url("invoices_previewrun_change", run.pk)).content.decode()


def test_it_says_when_something_was_sold_since(office: Office) -> None:
    worked_out(office, asked(office))
    since = "その後に売上または取消がありました"
    assert since not in shown(office)
    with clock.frozen(at("2026-11-03 10:00")):
        deliver(order=office.world.company.open)
        assert since in shown(office)
        worked_out(office, asked(office))
    assert since not in shown(office)


def test_asked_for_twice_it_is_worked_out_once(office: Office) -> None:
    assert asked(office) == asked(office)
    with tenant_context(office.tenant):
        assert AuditEntry.objects.filter(action="closing_preview_asked").count() == 1


def test_while_one_worker_is_at_it_a_second_does_nothing(office: Office) -> None:
    run = asked(office)
    with turn_of(run):
        second = Rival(office.tenant, NOW, lambda: _ours(run)).start()
        second.join()
    assert second.result is False
    assert worked_out(office, run).state == RunState.DONE


def _ours(run: PreviewRun) -> bool:
    with turn_of(run) as ours:
        return ours


def test_when_the_worker_dies_it_is_worked_out_anew(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """It dies when all is worked out and nothing is stored; the sweep asks again for what runs."""
    before, run = written(office), asked(office)

    def dies(*_args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(preview_runs, "_stored", dies)
    with pytest.raises(KeyboardInterrupt):
        worked_out(office, run)
    monkeypatch.undo()
    assert get(office, PreviewRun, pk=run.pk).state == RunState.RUNNING
    assert RunState.RUNNING in PreviewRun.asked_again
    assert written(office) == before
    assert worked_out(office, run).state == RunState.DONE


def test_one_that_broke_off_says_why_and_keeps_the_earlier_result(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked_out(office, asked(office))

    def breaks(*_args: Any) -> None:
        raise ValueError("broken")

    monkeypatch.setattr(preview_runs, "_stored", breaks)
    run = worked_out(office, asked(office))
    monkeypatch.undo()
    html = shown(office)
    assert (run.state, "ValueError: broken" in html, "33,000円" in html) == (RunState.FAILED, True, True)
    [kind] = [each for each in kinds() if each.code == "preview_runs"]
    with tenant_context(office.tenant):
        assert [each.pk for each in kind.rows()] == [run.pk]
    asked(office)
    with tenant_context(office.tenant):
        assert not kind.rows().exists()


class TestAClosingMeanwhile:
    """The month is closed, and issued, after somebody has asked what it would come to."""

    def close(self, office: Office) -> None:
        with tenant_context(office.tenant):
            issue_closing(closing=close_period(closes_on=NOVEMBER_30))

    def test_the_result_is_no_longer_that_of_the_next_month(self, office: Office) -> None:
        worked_out(office, asked(office))
        with clock.frozen(at("2026-12-01 09:00")):
            self.close(office)
            html = shown(office)
            assert "2026-12 の締め" in html
            assert "前回計算した 2026-11 は、その後締められました" in html
            assert "33,000円" not in html
            november = shown(office, month="2026-11")
            assert "締め済み" in november
            assert 'name="work_out"' not in november

    def test_a_worker_that_comes_after_it_refuses(self, office: Office) -> None:
        run = asked(office)
        with clock.frozen(at("2026-12-01 09:00")):
            self.close(office)
            before = written(office)
            run = worked_out(office, run)
        assert (run.state, run.result, written(office)) == (RunState.REFUSED, {}, before)
        assert "締め済み" in run.message

    def test_a_period_that_is_closed_and_not_issued_yet(self, office: Office) -> None:
        """Between midnight and seven: the result is from before the closing."""
        worked_out(office, asked(office))
        with clock.frozen(at("2026-12-01 00:10")):
            with tenant_context(office.tenant):
                close_period(closes_on=NOVEMBER_30)
            told = "計算した後に期間が締められました"
            assert told in shown(office, month="2026-11")
            worked_out(office, asked(office))
            html = shown(office, month="2026-11")
        assert (told in html, "33,000円" in html) == (False, True)
        assert get(office, Closing, closes_on=NOVEMBER_30).state == ClosingState.CLOSED


@pytest.mark.parametrize("month", ["", "nonsense", "2026-13", "2026-10"])
def test_bad_input_is_refused(month: str, office: Office) -> None:
    """October is closed and issued."""
    before = count(office, PreviewRun)
    assert post(office, PAGE, month=month, work_out="1").status_code == 422
    assert count(office, PreviewRun) == before
    assert office.client().get(url(PAGE), {"month": month}).status_code == 200


def test_who_only_reads_sees_the_result_and_no_button(office: Office) -> None:
    worked_out(office, asked(office))
    html = shown(office, OperatorRole.SUPPORT)
    assert ("33,000円" in html, "work_out" in html) == (True, False)
    answer = office.client(OperatorRole.SUPPORT).post(url(PAGE), {"month": "2026-11", "work_out": "1"})
    assert answer.status_code == 403
    assert 'name="work_out"' in shown(office, OperatorRole.ACCOUNTING)


def test_in_english(office: Office) -> None:
    worked_out(office, asked(office))
    client = office.client()
    client.cookies["django_language"] = "en"
    html = client.get(url(PAGE)).content.decode()
    assert "Work it out again" in html
    assert "This is stored: what is sold or changed" in html


def test_only_the_first_documents_are_kept_and_the_sums_of_all(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview_runs, "SHOWN", 1)
    run = worked_out(office, asked(office))
    assert (len(run.result["documents"]), run.result["figures"]["total"]) == (1, 66_000)
    assert "先頭の1件" in shown(office)


def test_each_customer_of_the_next_closing_can_be_looked_at(office: Office) -> None:
    """A PDF marked as a preview, without a number; nothing is stored, and nobody else is billed for it."""
    worked_out(office, asked(office))
    before = written(office)
    addresses = re.findall(r'href="([^"]*customer=[^"]*)"', shown(office))
    answer = office.client().get(unescape(addresses[0]))
    assert answer.headers["Content-Type"] == "application/pdf"
    text = text_of(answer.content)
    assert "33,000円" in text
    assert "(未発行)" in text
    assert text.startswith("見\n本")
    assert written(office) == before
    for wrong in ("nobody", str(uuid4())):
        assert office.client().get(url(PAGE), {"customer": wrong}).status_code == 404

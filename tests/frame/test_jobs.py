"""Jobs: in order, each once, a missed day caught up (X3)."""

import threading
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.db import connection

from accounts.models import Tenant
from billing_project import clock
from billing_project.jobs import registry
from billing_project.jobs.models import Job, JobCursor
from billing_project.jobs.registry import JobKind
from billing_project.jobs.services import next_due, run_due
from billing_project.tenancy.context import tenant_context
from tests.factories import make_tenant

NIGHT, MORNING = "test.night", "test.morning"


class Diary:
    def __init__(self) -> None:
        self.ran: list[tuple[str, date]] = []
        self.failing: set[tuple[str, date]] = set()

    def job(self, name: str, at: time, **options: Any) -> JobKind:
        def run(day: date) -> Mapping[str, Any]:
            if (name, day) in self.failing:
                raise ValueError("out of paper")
            self.ran.append((name, day))
            return {"count": 1}

        return JobKind(name, at, 10, run, **options)


@pytest.fixture
def diary(monkeypatch: pytest.MonkeyPatch) -> Diary:
    """The calendar holds two jobs of this test's own, and no others."""
    diary = Diary()
    monkeypatch.setattr(registry, "_kinds", {})
    registry.register(diary.job(MORNING, time(7)))
    registry.register(diary.job(NIGHT, time(0)))
    return diary


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


def run_until(tenant: Tenant, moment: datetime) -> list[Job]:
    with clock.frozen(moment):
        return run_due(tenant.pk)


def test_jobs_begin_on_the_tenants_first_day_in_its_own_zone(diary: Diary) -> None:
    tenant = make_tenant(since=date(2026, 11, 1))
    run_until(tenant, utc(2026, 10, 31, 14, 59))
    assert diary.ran == []
    run_until(tenant, utc(2026, 10, 31, 15, 0))  # midnight in Japan
    assert diary.ran == [(NIGHT, date(2026, 11, 1))]
    run_until(tenant, utc(2026, 10, 31, 22, 0))  # 07:00
    assert diary.ran[1:] == [(MORNING, date(2026, 11, 1))]


def test_missed_days_are_caught_up_in_order_and_nothing_runs_twice(diary: Diary) -> None:
    tenant = make_tenant(since=date(2026, 11, 1))
    for _ in range(3):
        run_until(tenant, utc(2026, 11, 3, 12))
    days = [date(2026, 11, day) for day in (1, 2, 3)]
    assert diary.ran == [(name, day) for day in days for name in (NIGHT, MORNING)]


def test_every_hour_across_midnight_runs_each_job_once(diary: Diary) -> None:
    tenant = make_tenant(since=date(2026, 11, 1))
    for hour in range(24):
        run_until(tenant, utc(2026, 11, 1, hour, 30))
    assert diary.ran == [
        (NIGHT, date(2026, 11, 1)),
        (MORNING, date(2026, 11, 1)),
        (NIGHT, date(2026, 11, 2)),
        (MORNING, date(2026, 11, 2)),
    ]


def test_a_failure_is_written_down_undone_and_tried_again_before_what_follows(diary: Diary) -> None:
    tenant = make_tenant(since=date(2026, 11, 1))
    diary.failing = {(NIGHT, date(2026, 11, 2))}
    run_until(tenant, utc(2026, 11, 3, 12))
    assert diary.ran[-1] == (MORNING, date(2026, 11, 1))
    with tenant_context(tenant):
        failed = Job.objects.get(state="failed")
        assert (failed.name, failed.due_on, failed.error) == (
            NIGHT,
            date(2026, 11, 2),
            "ValueError: out of paper",
        )
    diary.failing = set()
    run_until(tenant, utc(2026, 11, 3, 13))
    assert diary.ran[-4:] == [
        (NIGHT, date(2026, 11, 2)),
        (MORNING, date(2026, 11, 2)),
        (NIGHT, date(2026, 11, 3)),
        (MORNING, date(2026, 11, 3)),
    ]
    with tenant_context(tenant):
        failed.refresh_from_db()
        assert (failed.state, failed.attempts, failed.error) == ("done", 2, "")


def test_a_job_that_does_not_fall_on_a_day_leaves_no_row(diary: Diary) -> None:
    registry.register(diary.job("test.monthly", time(0), falls_on=lambda day: day.day == 2))
    tenant = make_tenant(since=date(2026, 11, 1))
    run_until(tenant, utc(2026, 11, 3, 12))
    with tenant_context(tenant):
        assert list(Job.objects.filter(name="test.monthly").values_list("due_on", flat=True)) == [
            date(2026, 11, 2)
        ]


def test_who_finds_another_worker_at_it_leaves_it_alone(diary: Diary) -> None:
    tenant = make_tenant(since=date(2026, 11, 1))
    others: list[list[Job]] = []

    def another_worker() -> None:
        others.append(run_until(tenant, utc(2026, 11, 1, 12)))
        connection.close()

    with tenant_context(tenant):
        JobCursor.objects.select_for_update().get()
        rival = threading.Thread(target=another_worker)
        rival.start()
        rival.join(timeout=30)
    assert others == [[]]
    assert diary.ran == []
    run_until(tenant, utc(2026, 11, 1, 12))
    assert len(diary.ran) == 2


def test_the_next_job_is_told_with_its_moment(diary: Diary) -> None:
    tenant = make_tenant(since=date(2026, 11, 1))
    with tenant_context(tenant):
        assert next_due(utc(2026, 10, 31, 14, 59)) is None
        due = next_due(utc(2026, 11, 5))
    assert due is not None
    assert (due.kind.name, due.moment) == (NIGHT, utc(2026, 10, 31, 15))


def test_quiet_days_are_passed_over_once(diary: Diary, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[date] = []

    def never(day: date) -> bool:
        asked.append(day)
        return False

    monkeypatch.setattr(registry, "_kinds", {})
    registry.register(diary.job("test.never", time(0), falls_on=never))
    tenant = make_tenant(since=date(2026, 11, 1))
    for _ in range(2):
        run_until(tenant, utc(2026, 11, 3, 12))
    assert asked == [date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 3)]

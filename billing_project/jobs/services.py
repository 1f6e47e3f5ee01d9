"""Runs what has fallen due, in order, each once (X3): a day missed is caught up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction

from billing_project import clock
from billing_project.audit.models import ActorKind
from billing_project.audit.services import Actor, acting_as
from billing_project.jobs.models import Job, JobCursor, JobState
from billing_project.jobs.registry import JobKind, kinds
from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.lookup import current_tenant

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class DueJob:
    kind: JobKind
    due_on: date
    moment: datetime


def begin_calendar(*, since: date) -> None:
    """Give a new tenant its calendar; its first jobs are those of `since`."""
    JobCursor.objects.create(next_on=since)


def next_due(until: datetime) -> DueJob | None:
    """The first job not yet done whose moment is at or before `until` (aware), in the tenant's context."""
    cursor = JobCursor.objects.get()
    return _first_open(cursor.next_on, until)


def run_job(job: DueJob) -> Job:
    """Run one job in a savepoint and write its row; a failure is written too and raises nothing."""
    started = clock.now()
    try:
        with transaction.atomic(), acting_as(Actor(ActorKind.JOB, job.kind.name)):
            result, error = dict(job.kind.run(job.due_on)), ""
    except Exception as failure:
        log.exception("job_failed", job=job.kind.name, due_on=str(job.due_on))
        result, error = {}, f"{type(failure).__name__}: {failure}"
    # The cursor's lock makes it the turn of this worker alone.
    earlier: Job | None = Job.objects.filter(name=job.kind.name, due_on=job.due_on).first()
    row = earlier or Job(name=job.kind.name, due_on=job.due_on)
    row.state = JobState.FAILED if error else JobState.DONE
    row.attempts += 1
    row.started_at, row.finished_at = started, clock.now()
    row.result, row.error = result, error
    row.save()
    return row


def run_next(until: datetime, *, ready: Callable[[DueJob], None] | None = None) -> Job | None:
    """Run the first due job in one transaction; None when nothing is due or another worker has the turn.

    `ready(job)` is called just before it runs, so that a playbook can put its clock at the job's moment.
    """
    with transaction.atomic():
        cursor = JobCursor.objects.select_for_update(skip_locked=True).first()
        if cursor is None:
            return None
        job = _first_open(cursor.next_on, until)
        _move(cursor, job.due_on if job else _day_of(until))
        if job is None:
            return None
        if ready is not None:
            ready(job)
        return run_job(job)


def run_due(tenant_id: int, until: datetime | None = None) -> list[Job]:
    """Run all that is due for one tenant, each job in a transaction of its own.

    Stops at a failure: later jobs build on earlier ones, and the next tick tries again.
    """
    done: list[Job] = []
    while True:
        with tenant_context(tenant_id):
            job = run_next(until or clock.now())
        if job is None:
            return done
        done.append(job)
        if job.state == JobState.FAILED:
            return done


def _move(cursor: JobCursor, day: date) -> None:
    """Days before `day` are worked through, and need not be looked at again."""
    if day > cursor.next_on:
        cursor.next_on = day
        cursor.save(update_fields=["next_on"])


def _day_of(moment: datetime) -> date:
    return moment.astimezone(current_tenant().zone).date()


def _first_open(start: date, until: datetime) -> DueJob | None:
    zone = current_tenant().zone
    last = until.astimezone(zone).date()
    finished = set(
        Job.objects.filter(due_on__gte=start, due_on__lte=last, state=JobState.DONE).values_list(
            "name", "due_on"
        )
    )
    for job in _calendar(start, last, zone):
        if job.moment > until:
            return None
        if (job.kind.name, job.due_on) not in finished and job.kind.falls_on(job.due_on):
            return job
    return None


def _calendar(start: date, last: date, zone: ZoneInfo) -> Iterator[DueJob]:
    day = start
    while day <= last:
        for kind in kinds():
            yield DueJob(kind, day, datetime.combine(day, kind.at, tzinfo=zone))
        day += timedelta(days=1)

"""Acts on many rows: asked for, carried out row by row, stopped, gone on with after that or a worker's death.

Each row is a transaction together with its result, so that nothing is done twice. An act that calls the
outside is noted as begun before; begun again, what it refuses as done before is done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Count, Model, QuerySet
from django.utils.translation import gettext as _

from billing_project.audit.services import current_actor, record
from billing_project.bulk.models import TO_DO, BulkRow, BulkRun, RowState
from billing_project.bulk.registry import Bulk, bulk_of
from billing_project.errors import Code, Refusal
from billing_project.jobs.runs import UNDER_WAY, RunState, asked_now, carry_out, turn_of
from billing_project.tenancy.bulk import insert_rows
from billing_project.tenancy.context import tenant_context

log = structlog.get_logger(__name__)
MOST = 10_000
RESUMABLE = (RunState.FAILED, RunState.STOPPED)


@transaction.atomic
def ask_for_bulk(
    *, bulk: Bulk, rows: QuerySet[Any], expected: int, choice: dict[str, Any], query: str = ""
) -> BulkRun:
    """Writes down the rows that the list has found, and calls a worker. `expected` rows were shown before.

    Raises Refusal `invalid_input` for no rows, more than 10,000, or another number than was shown.
    """
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[: MOST + 1])
    _check(len(ids), expected)
    run: BulkRun = BulkRun.objects.create(
        act=bulk.code, choice=choice, query=query[:1000], row_count=len(ids), **asked_now()
    )
    insert_rows([BulkRow(run=run, object_id=pk) for pk in ids])
    record("bulk_act_asked", run, act=bulk.code, rows=len(ids), query=query[:1000], **choice)
    _enqueue(run)
    return run


def run_bulk(*, tenant_id: int, run_id: int) -> None:
    """What is left of the run. Opens its own transactions; may be called twice, also at the same time."""
    carry_out(BulkRun, tenant_id, run_id, lambda run: _work(tenant_id, run))


@transaction.atomic
def stop(*, run: BulkRun) -> None:
    """The worker ends after the row it is at, and what has a result stays as it is; again, nothing happens.

    A run that no worker has begun is stopped at once; one whose last row is done meanwhile is done.
    Raises Refusal `invalid_input` for a run that has ended.
    """
    locked = _lock(run)
    if locked.state not in (*UNDER_WAY, RunState.STOPPED):
        raise Refusal(Code.INVALID_INPUT, _("This act has ended. There is nothing to stop."))
    if locked.stopped_by:
        return
    locked.stopped_by = current_actor().label
    locked.save(update_fields=["stopped_by"])
    record("bulk_act_stopped", locked, act=locked.act)
    if locked.state == RunState.QUEUED:
        _end_locked(locked)


@transaction.atomic
def go_on(*, run: BulkRun) -> None:
    """Has a worker go on with a run that failed or was stopped; what has a result stays as it is.

    Raises Refusal `invalid_input` for any other run, or one that has nothing left.
    """
    locked = _lock(run)
    if locked.state not in RESUMABLE or not _left(locked).exists():
        raise Refusal(Code.INVALID_INPUT, _("This act has ended. There is nothing left to do."))
    locked.stopped_by = ""
    locked.save(update_fields=["stopped_by"])
    locked.end(RunState.QUEUED)
    record("bulk_act_resumed", locked, act=locked.act)
    _enqueue(locked)


def results_of(run: BulkRun) -> dict[str, int]:
    """How many rows stand in each state, counted anew."""
    counted = BulkRow.objects.filter(run=run).values_list("state").annotate(count=Count("pk"))
    return dict(Counter(dict(counted.order_by())))


def _check(found: int, expected: int) -> None:
    if not found:
        raise Refusal(Code.INVALID_INPUT, _("The list has found nothing. There is nothing to do."))
    if found > MOST:
        text = _("This can be done to %(most)s rows at once. Narrow the list.") % {"most": f"{MOST:,}"}
        raise Refusal(Code.INVALID_INPUT, text)
    if found != expected:
        text = _("The list has changed: it now has %(count)s rows. Look at it again.")
        raise Refusal(Code.INVALID_INPUT, text % {"count": f"{found:,}"})


def _work(tenant_id: int, run: BulkRun) -> None:
    with turn_of(run) as ours:
        if not ours:
            return
        bulk = bulk_of(run.act)
        while (row := _next(tenant_id, run, begin=bulk.outside)) is not None:
            if bulk.outside:
                _do_outside(tenant_id, bulk, run, row)
            else:
                _do(tenant_id, bulk, run, row)
        _end(tenant_id, run)


def _next(tenant_id: int, run: BulkRun, *, begin: bool) -> BulkRow | None:
    """The next row to do as it stood, none when it is to stop; one that calls the outside is begun now."""
    with tenant_context(tenant_id):
        row: BulkRow | None = _left(run).filter(run__stopped_by="").order_by("pk").first()
        if row is not None and begin:
            BulkRow.objects.filter(pk=row.pk).update(state=RowState.BEGUN)
    return row


def _do(tenant_id: int, bulk: Bulk, run: BulkRun, row: BulkRow) -> None:
    """The act and its result in one transaction."""
    with tenant_context(tenant_id):
        with _noting(row), transaction.atomic():
            bulk.perform(_subject(bulk, row), run.choice)
        row.save(update_fields=["label", "state", "code", "reason"])


def _do_outside(tenant_id: int, bulk: Bulk, run: BulkRun, row: BulkRow) -> None:
    was_begun = row.state == RowState.BEGUN
    with _noting(row):
        with tenant_context(tenant_id):
            subject = _subject(bulk, row)
        bulk.perform(subject, run.choice)
    if was_begun and row.code in bulk.done_before:
        row.state, row.code, row.reason = RowState.DONE, "", ""
    with tenant_context(tenant_id):
        row.save(update_fields=["label", "state", "code", "reason"])


def _subject(bulk: Bulk, row: BulkRow) -> Model:
    subject: Model = bulk.model._default_manager.get(pk=row.object_id)
    row.label = str(subject)[:200]
    return subject


@contextmanager
def _noting(row: BulkRow) -> Iterator[None]:
    """One row's refusal or failure is its own; the others go on."""
    try:
        yield
        row.state = RowState.DONE
    except Refusal as refusal:
        row.state, row.code, row.reason = RowState.REFUSED, refusal.code, str(refusal.message)
    except Exception as failure:
        log.exception("bulk_row_failed", row=row.pk)
        row.state, row.reason = RowState.FAILED, f"{type(failure).__name__}: {failure}"


def _end(tenant_id: int, run: BulkRun) -> None:
    with tenant_context(tenant_id):
        fresh = _lock(run)
        if fresh.under_way:
            _end_locked(fresh)


def _end_locked(run: BulkRun) -> None:
    """Rows are left when it was stopped; a wish that came after the last row was too late."""
    run.end(RunState.STOPPED if _left(run).exists() else RunState.DONE, result=results_of(run))


def _left(run: BulkRun) -> QuerySet[BulkRow]:
    rows: QuerySet[BulkRow] = BulkRow.objects.filter(run=run, state__in=TO_DO)
    return rows


def _lock(run: BulkRun) -> BulkRun:
    locked: BulkRun = BulkRun.objects.select_for_update().get(pk=run.pk)
    return locked


def _enqueue(run: BulkRun) -> None:
    from billing_project.bulk.tasks import carry_out_bulk

    carry_out_bulk.enqueue(run.pk)

"""Acts on many rows: asked for, carried out row by row, gone on with after a worker has died.

Each row is a transaction together with its result, so that nothing is done twice. An act that calls the
outside is noted as begun before; begun again, what it refuses as done before is done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import Count, Model, QuerySet
from django.utils.translation import gettext as _

from billing_project.audit.services import record
from billing_project.bulk.models import TO_DO, BulkRow, BulkRun, RowState
from billing_project.bulk.registry import Bulk, bulk_of
from billing_project.errors import Code, Refusal
from billing_project.jobs.runs import RunState, asked_now, carry_out
from billing_project.tenancy.bulk import insert_rows
from billing_project.tenancy.context import tenant_context

log = structlog.get_logger(__name__)
MOST = 10_000
_TURN = 7_120_001
"""Of the locks that say whose turn a run is."""


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
def go_on(*, run: BulkRun) -> None:
    """Has a worker go on with a run that failed; what has a result stays as it is.

    Raises Refusal `invalid_input` for a run that has not failed or has nothing left.
    """
    locked: BulkRun = BulkRun.objects.select_for_update().get(pk=run.pk)
    left = BulkRow.objects.filter(run=run, state__in=TO_DO)
    if locked.state != RunState.FAILED or not left.exists():
        raise Refusal(Code.INVALID_INPUT, _("This act has ended. There is nothing left to do."))
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
    with _turn(run) as ours:
        if not ours:
            return
        bulk = bulk_of(run.act)
        while (row := _next(tenant_id, run, begin=bulk.outside)) is not None:
            if bulk.outside:
                _do_outside(tenant_id, bulk, run, row)
            else:
                _do(tenant_id, bulk, run, row)
        _end(tenant_id, run)


@contextmanager
def _turn(run: BulkRun) -> Iterator[bool]:
    """Whether no other worker is at it. The lock is the connection's: it goes with a worker that dies."""
    key = [_TURN, run.pk % 2**31]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s::int)", key)
        [ours] = cursor.fetchone()
    try:
        yield ours
    finally:
        if ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s::int)", key)


def _next(tenant_id: int, run: BulkRun, *, begin: bool) -> BulkRow | None:
    """The next row to do as it stood; one whose act calls the outside is noted as begun."""
    with tenant_context(tenant_id):
        row: BulkRow | None = BulkRow.objects.filter(run=run, state__in=TO_DO).order_by("pk").first()
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
        fresh: BulkRun = BulkRun.objects.select_for_update().get(pk=run.pk)
        if fresh.under_way:
            fresh.end(RunState.DONE, result=results_of(fresh))


def _enqueue(run: BulkRun) -> None:
    from billing_project.bulk.tasks import carry_out_bulk

    carry_out_bulk.enqueue(run.pk)

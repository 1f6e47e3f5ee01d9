"""A month's file because an operator asks: by a worker, since a month may have a hundred thousand entries."""

from __future__ import annotations

from django.db import transaction

from billing_project.audit.services import record
from billing_project.calendar import Month
from billing_project.errors import Code, Refusal
from billing_project.jobs.runs import UNDER_WAY, RunState, asked_now, carry_out, note_progress
from billing_project.tenancy.context import tenant_context
from ledger.journal.selectors import files_of
from ledger.journal.services import export_journal, outlook_of_journal
from ledger.models import JournalRun


@transaction.atomic
def ask_for_journal(*, month: Month, format: str) -> JournalRun:
    """Has a worker do what `export_journal` does; asked again while it is under way it gives the same run.

    Raises Refusal `journal_account_missing`, `nothing_to_export` as that does, as far as it can be told now.
    """
    found = outlook_of_journal(month=month, format=format)
    if not found.entries and not files_of(month, format).exists():
        raise Refusal(Code.NOTHING_TO_EXPORT)
    wanted = {"month": str(month), "format": format}
    earlier: JournalRun | None = JournalRun.objects.filter(**wanted, state__in=UNDER_WAY).first()
    run: JournalRun = earlier or JournalRun.objects.create(**wanted, **asked_now())
    if earlier is None:
        record("journal_asked_for", run, **wanted)
    _enqueue(run)
    return run


def run_journal(*, tenant_id: int, run_id: int) -> None:
    """The worker's part; opens its own transactions."""
    carry_out(JournalRun, tenant_id, run_id, lambda run: _write(tenant_id, run))


def _write(tenant_id: int, run: JournalRun) -> None:
    """The file and the note of it are one transaction: a task that comes twice finds it done."""
    with tenant_context(tenant_id):
        month = Month.parse(run.month)
        total = outlook_of_journal(month=month, format=run.format).entries
        run.export = export_journal(
            month=month, format=run.format, told=lambda done: note_progress(run, done, total)
        )
        run.save(update_fields=["export"])
        run.end(RunState.DONE)


def _enqueue(run: JournalRun) -> None:
    from ledger.tasks import write_journal

    write_journal.enqueue(run.pk)

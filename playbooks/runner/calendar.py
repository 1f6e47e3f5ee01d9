"""Moves time forward through every job that falls due, as the beat and the workers would."""

from datetime import datetime
from functools import partial

from django.db import connection

from billing_project import clock
from billing_project.jobs.models import Job, JobState
from billing_project.jobs.services import DueJob, run_next
from billing_project.outbox.models import Mail, MailState
from billing_project.outbox.services import send_waiting_after_commit
from payments.jobs import PAYOUT_FILE
from payments.selectors import open_payout_files
from payments.services import confirm_payout_file
from playbooks.runner.journal import record_news
from playbooks.runner.outcome import StoryFailed
from playbooks.runner.work import perform
from playbooks.runner.world import World


def pass_time(world: World, until: datetime) -> None:
    """Runs the jobs due at or before `until`, each at its own time, and leaves the clock at `until`.

    While the beat is stopped nothing runs; afterwards what was missed runs at the present moment (X3).
    """
    while world.beat_runs:
        mail_at = perform(world.tenant, lambda: _next_mail(until))
        row = perform(world.tenant, partial(_next_with_effect, world, mail_at or until))
        if row is None:
            if mail_at is None:
                break
            world.move_to(mail_at)
            perform(world.tenant, send_waiting_after_commit)
            continue
        if row.state == JobState.FAILED:
            raise StoryFailed(f"the job {row.name} of {row.due_on} failed: {row.error}")
        world.tell("job", row.name, {"due_on": str(row.due_on), "result": row.result})
        if row.name == PAYOUT_FILE:
            perform(world.tenant, _bank_pays_out)
        record_news(world)
    world.move_to(until)


def _next_mail(until: datetime) -> datetime | None:
    """When the first mail goes that waits for its hour."""
    waiting = Mail.objects.filter(state=MailState.WAITING, not_before__gt=clock.now(), not_before__lte=until)
    first: Mail | None = waiting.order_by("not_before").first()
    return first.not_before if first else None


def _bank_pays_out() -> None:
    """The operator sends the file to the bank, and the bank carries it out the same day."""
    for file in open_payout_files():
        confirm_payout_file(file=file)


def _next_with_effect(world: World, until: datetime) -> Job | None:
    """Runs jobs up to the first that did something."""

    def move_clock(job: DueJob) -> None:
        world.move_to(job.moment)

    while row := run_next(until, ready=move_clock):
        if row.state == JobState.FAILED or any(row.result.values()) or connection.run_on_commit:
            return row
    return None

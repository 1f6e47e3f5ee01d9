"""Long work that an operator asked for: queued, run by a worker, looked at while it runs.

Every task may run twice; `carry_out` runs what is not ended yet, and the second of two finds it ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, ClassVar

import structlog
from django.apps import apps
from django.core.cache import cache
from django.db import connection, models
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from billing_project import clock
from billing_project.audit.models import ActorKind
from billing_project.audit.services import Actor, acting_as, current_actor
from billing_project.errors import Refusal
from billing_project.tenancy.context import current_tenant_id, tenant_context
from billing_project.tenancy.tasks import publish

log = structlog.get_logger(__name__)
PROGRESS_SECONDS = 3600


class RunState(models.TextChoices):
    UPLOADED = "uploaded", _("To be checked")
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")
    FAILED = "failed", _("Failed")
    DISCARDED = "discarded", _("Discarded")
    STOPPED = "stopped", _("Stopped")


UNDER_WAY = (RunState.QUEUED, RunState.RUNNING)


class Run(models.Model):
    """What was asked for, by whom, and what became of it. `task_name` is the task that carries it out.

    In a state of `asked_again` the workers are asked once more each minute.
    """

    task_name: ClassVar[str]
    asked_again: ClassVar[tuple[str, ...]] = (RunState.QUEUED,)

    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.QUEUED)
    asked_by = models.CharField(_("asked by"), max_length=254)
    asked_by_user_id = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField(_("asked"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    language = models.CharField(max_length=5, default="ja")
    message = models.TextField(_("message"), blank=True)
    result = models.JSONField(_("result"), default=dict)

    class Meta:
        abstract = True

    @property
    def under_way(self) -> bool:
        return self.state in UNDER_WAY

    def end(self, state: RunState, *, message: str = "", result: Mapping[str, Any] | None = None) -> None:
        """Notes what became of it, in the caller's transaction."""
        self.state, self.message, self.result = state, message, dict(result or {})
        self.finished_at = clock.now()
        self.save(update_fields=["state", "message", "result", "finished_at"])


def asked_now() -> dict[str, Any]:
    """The fields of a new run: who asks, when, and in which language to answer."""
    actor = current_actor()
    return {
        "asked_by": actor.label,
        "asked_by_user_id": actor.user_id,
        "asked_at": clock.now(),
        "language": (translation.get_language() or "ja")[:2],
    }


def ask_again() -> None:
    """Asks the workers for what still waits in this tenant: the broker may have been away, a worker died."""
    for model in apps.get_models():
        if issubclass(model, Run):
            for pk in model._default_manager.filter(state__in=model.asked_again).values_list("pk", flat=True):
                publish(import_string(model.task_name), current_tenant_id(), pk)


def carry_out(model: Any, tenant_id: int, pk: int, work: Callable[[Any], None]) -> None:
    """Runs `work(run)`, which opens its own transactions and calls `run.end`.

    A refusal or a failure is noted on the run. What was ended already is left alone.
    """
    with tenant_context(tenant_id):
        run = model.objects.select_for_update().filter(pk=pk, state__in=UNDER_WAY).first()
        if run is None:
            return
        run.state = RunState.RUNNING
        run.save(update_fields=["state"])
    actor = Actor(ActorKind.OPERATOR, run.asked_by, run.asked_by_user_id)
    try:
        with acting_as(actor), translation.override(run.language):
            work(run)
    except Refusal as refusal:
        with translation.override(run.language):
            _note(tenant_id, run, RunState.REFUSED, refusal.message)
    except Exception as failure:
        log.exception("run_failed", run=model.__name__, pk=pk)
        _note(tenant_id, run, RunState.FAILED, f"{type(failure).__name__}: {failure}")


@contextmanager
def turn_of(run: Any) -> Iterator[bool]:
    """Whether no other worker is at the run. The lock is the connection's: it goes when a worker dies."""
    key = [run._meta.label_lower, run.pk % 2**31]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s), %s::int)", key)
        [ours] = cursor.fetchone()
    try:
        yield ours
    finally:
        if ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s), %s::int)", key)


def _note(tenant_id: int, run: Any, state: RunState, message: str) -> None:
    with tenant_context(tenant_id):
        run.end(state, message=message)


def note_progress(run: Any, done: int, total: int) -> None:
    """How far it is, told outside of the transaction that does the work."""
    cache.set(_key(run), (done, total), PROGRESS_SECONDS)


def progress_of(run: Any) -> tuple[int, int] | None:
    """(done, total); None when nothing has been told yet."""
    told: tuple[int, int] | None = cache.get(_key(run))
    return told


def _key(run: Any) -> str:
    return f"run:{run.tenant_id}:{run._meta.label_lower}:{run.pk}"


TROUBLED_FOR = timedelta(days=30)
SLOW = timedelta(hours=1)


def troubled(model: Any) -> models.QuerySet[Any]:
    """Runs of late that were refused, failed or do not come to an end."""
    now = clock.now()
    ended_badly = models.Q(state__in=[RunState.REFUSED, RunState.FAILED])
    stands = models.Q(state__in=UNDER_WAY, asked_at__lt=now - SLOW)
    found: models.QuerySet[Any] = model._default_manager.filter(
        ended_badly | stands, asked_at__gte=now - TROUBLED_FOR
    )
    return found

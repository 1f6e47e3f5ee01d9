"""An act on many rows at once, carried out by a worker row by row, with what became of each."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.jobs.runs import Run, RunState
from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import TenantModel


class BulkRun(Run, TenantModel):
    """`act` names what is done, `choice` is what was filled in, `query` the list's search.

    `stopped_by` is who wants it stopped: the worker ends after the row it is at. One that runs is asked for
    again too: a worker that died goes on where it stood.
    """

    task_name = "billing_project.bulk.tasks.carry_out_bulk"
    asked_again = (RunState.QUEUED, RunState.RUNNING)

    act = models.CharField(_("act"), max_length=80)
    choice = models.JSONField(default=dict)
    query = models.CharField(_("searched for"), max_length=1000, blank=True)
    row_count = models.IntegerField(_("rows"))
    stopped_by = models.CharField(_("stopped by"), max_length=254, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("act on many rows")
        verbose_name_plural = _("Acts on many rows")
        constraints = tenant_constraints(
            "bulk_run", update=("state", "finished_at", "message", "result", "stopped_by")
        )
        indexes = [models.Index(fields=["tenant", "-asked_at"], name="bulk_run_recent")]

    def __str__(self) -> str:
        return f"{self.act} ({self.row_count})"


class RowState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    BEGUN = "begun", _("Begun")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")
    FAILED = "failed", _("Failed")


TO_DO = (RowState.WAITING, RowState.BEGUN)
NOT_DONE = (RowState.REFUSED, RowState.FAILED)


class BulkRow(TenantModel):
    """One row of the run, by its id; `code` and `reason` say why it was refused.

    Begun is one whose act calls somebody else's server and has not come back.
    """

    run = TenantForeignKey(BulkRun, related_name="rows", db_index=False)
    object_id = models.BigIntegerField()
    label = models.CharField(_("row"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=RowState, default=RowState.WAITING)
    code = models.CharField(max_length=60, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("row of an act")
        verbose_name_plural = _("rows of an act")
        constraints = [
            *tenant_constraints(
                "bulk_row", references={"run": "bulk.BulkRun"}, update=("label", "state", "code", "reason")
            ),
            models.UniqueConstraint(fields=["tenant", "run", "object_id"], name="bulk_row_once"),
        ]
        indexes = [models.Index(fields=["tenant", "run", "state"], name="bulk_row_state")]

"""A job is (tenant, name, date); its row is what makes it run once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.models import TenantModel


class JobState(models.TextChoices):
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Job(TenantModel):
    name = models.CharField(_("job"), max_length=60)
    due_on = models.DateField(_("date"))
    state = models.CharField(_("state"), max_length=6, choices=JobState)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"))
    result = models.JSONField(_("result"), default=dict)
    error = models.TextField(_("error"), blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            *tenant_constraints("jobs_job"),
            models.UniqueConstraint(fields=["tenant", "name", "due_on"], name="jobs_job_once"),
        ]
        indexes = [models.Index(fields=["tenant", "-due_on"], name="jobs_job_recent")]

    def __str__(self) -> str:
        return f"{self.name} {self.due_on}"


class JobCursor(TenantModel):
    """How far the tenant's calendar has been worked through; its row lock is the turn to run jobs."""

    next_on = models.DateField(_("next date"))

    class Meta(TenantModel.Meta):
        verbose_name = _("job cursor")
        constraints = [
            *tenant_constraints("jobs_cursor"),
            models.UniqueConstraint(fields=["tenant"], name="jobs_cursor_one"),
        ]

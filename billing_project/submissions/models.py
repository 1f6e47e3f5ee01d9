"""Forms that have been carried out: each bears a key of its own, so that none is carried out twice."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project import clock
from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.models import TenantModel


class Submission(TenantModel):
    key = models.UUIDField()
    sent_at = models.DateTimeField(default=clock.now)

    class Meta(TenantModel.Meta):
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [
            *tenant_constraints("submission", update=(), delete=True),
            models.UniqueConstraint(fields=["tenant", "key"], name="submission_once"),
        ]
        indexes = [models.Index(fields=["tenant", "sent_at"], name="submission_sent")]

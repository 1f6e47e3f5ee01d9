"""Versions of the tenant's billing policy: data, each valid from a day on (X10)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.models import TenantModel


class PolicyVersion(TenantModel):
    """A version is never changed; a new one takes over from its day (the newest of a day counts)."""

    valid_from = models.DateField(_("valid from"))
    preset = models.CharField(_("preset"), max_length=40)
    fields = models.JSONField(_("fields"))
    created_at = models.DateTimeField(_("made"))

    class Meta(TenantModel.Meta):
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        constraints = tenant_constraints("accounts_policy_version", update=())
        indexes = [models.Index(fields=["tenant", "-valid_from", "-id"], name="accounts_policy_valid")]

    def __str__(self) -> str:
        return f"{self.preset} {self.valid_from}"

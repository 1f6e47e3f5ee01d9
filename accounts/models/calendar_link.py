"""The secret address under which a member's calendar program fetches deadlines."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import TenantModel


class CalendarLink(TenantModel):
    """Shows what its member may see. A member has one at a time, of which only the SHA-256 is kept."""

    member = TenantForeignKey("accounts.Member", related_name="calendar_links", db_index=False)
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("made"))
    last_used_on = models.DateField(_("last used"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        constraints = [
            *tenant_constraints(
                "accounts_calendar",
                references={"member": "accounts.Member"},
                update=("last_used_on", "revoked_at"),
            ),
            models.UniqueConstraint(fields=["tenant", "sha256"], name="accounts_calendar_once"),
            models.UniqueConstraint(
                fields=["tenant", "member"],
                name="accounts_calendar_one",
                condition=models.Q(revoked_at=None),
            ),
        ]

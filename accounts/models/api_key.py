"""Keys with which a member's programs use the API."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import PublicIdModel, TenantModel, unique_public_id


class ApiKey(PublicIdModel, TenantModel):
    """It may do what its member may. Only the SHA-256 of the key is kept; `hint` is its beginning."""

    member = TenantForeignKey("accounts.Member", related_name="api_keys", db_index=False)
    name = models.CharField(_("name"), max_length=60)
    hint = models.CharField(_("begins with"), max_length=12)
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("made"))
    last_used_on = models.DateField(_("last used"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        constraints = [
            *tenant_constraints(
                "accounts_api_key",
                references={"member": "accounts.Member"},
                update=("last_used_on", "revoked_at"),
            ),
            unique_public_id("accounts_api_key"),
            models.UniqueConstraint(fields=["tenant", "sha256"], name="accounts_api_key_once"),
        ]
        indexes = [models.Index(fields=["tenant", "member"], name="accounts_api_key_member")]

    def __str__(self) -> str:
        return self.name

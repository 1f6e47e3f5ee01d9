"""Readers of links who say that the document is not for them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import PublicIdModel, TenantModel, unique_public_id

NOTE_LENGTH = 500


class WrongRecipient(PublicIdModel, TenantModel):
    """One report per link; it waits in the operators' inbox until somebody has seen to it."""

    link = TenantForeignKey("invoices.DocumentLink", related_name="+", db_index=False)
    document = TenantForeignKey("invoices.Document", related_name="+", db_index=False)
    note = models.CharField(_("what they say"), max_length=NOTE_LENGTH, blank=True)
    reported_at = models.DateTimeField(_("reported"))
    handled_at = models.DateTimeField(_("seen to"), null=True)
    handled_by = models.CharField(_("seen to by"), max_length=254, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("wrong recipient")
        verbose_name_plural = _("wrong recipients")
        constraints = [
            *tenant_constraints(
                "invoices_wrong",
                references={"link": "invoices.DocumentLink", "document": "invoices.Document"},
                update=("handled_at", "handled_by"),
            ),
            unique_public_id("invoices_wrong"),
            models.UniqueConstraint(fields=["tenant", "link"], name="invoices_wrong_once"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "reported_at"],
                name="invoices_wrong_waiting",
                condition=models.Q(handled_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return str(self.document)

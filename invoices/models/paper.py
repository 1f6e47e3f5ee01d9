"""Documents that were asked for on paper (A18)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import TenantModel


class PaperRequest(TenantModel):
    """A place in the print queue of its day; `printed_at` is the first time it was printed."""

    document = TenantForeignKey("invoices.Document", related_name="paper_requests", db_index=False)
    asked_on = models.DateField(_("day"))
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.CharField(_("asked by"), max_length=254)
    printed_at = models.DateTimeField(_("printed"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("document on paper")
        verbose_name_plural = _("print queue")
        constraints = [
            *tenant_constraints(
                "invoices_paper", references={"document": "invoices.Document"}, update=("printed_at",)
            ),
            models.UniqueConstraint(
                fields=["tenant", "document"],
                name="invoices_paper_waiting",
                condition=models.Q(printed_at__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "asked_on"], name="invoices_paper_day")]

    def __str__(self) -> str:
        return str(self.document)

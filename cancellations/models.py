"""What was undone, by whom, and by which reversing charge."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import TenantModel


class Cancellation(TenantModel):
    """One cancelled order line; `reversal` is set when it had been delivered."""

    line = TenantForeignKey("orders.OrderLine", related_name="+", db_index=False)
    reversal = TenantForeignKey("invoices.Charge", null=True, related_name="+", db_index=False)
    cancelled_at = models.DateTimeField(_("cancelled"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("cancellation")
        verbose_name_plural = _("cancellations")
        constraints = [
            *tenant_constraints(
                "cancellations_cancellation",
                references={"line": "orders.OrderLine", "reversal": "invoices.Charge"},
                update=(),
            ),
            models.UniqueConstraint(fields=["tenant", "line"], name="cancellations_cancellation_once"),
        ]

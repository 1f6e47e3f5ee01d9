"""What the provider told us, and what the card company paid."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.models import TenantModel


class GatewayEvent(TenantModel):
    """What the provider told us, as it came; each once. `handled_at` None: to be done, from `try_at` on."""

    event_id = models.CharField(_("event"), max_length=100)
    kind = models.CharField(_("kind"), max_length=80)
    payload = models.JSONField(_("content"))
    received_at = models.DateTimeField(_("received"))
    handled_at = models.DateTimeField(_("handled"), null=True)
    error = models.TextField(_("error"), blank=True)
    tries = models.PositiveSmallIntegerField(_("failed attempts"), default=0)
    try_at = models.DateTimeField(_("next attempt"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("provider's event")
        verbose_name_plural = _("provider's events")
        constraints = [
            *tenant_constraints("payments_event", update=("handled_at", "error", "tries", "try_at")),
            models.UniqueConstraint(fields=["tenant", "event_id"], name="payments_event_once"),
        ]
        indexes = [
            models.Index(fields=["tenant", "-received_at"], name="payments_event_recent"),
            models.Index(
                fields=["tenant", "received_at"],
                name="payments_event_waiting",
                condition=models.Q(handled_at__isnull=True),
            ),
        ]


class CardSettlement(TenantModel):
    """What the card company paid to the bank account, less its fees; `reference` is its number for it."""

    paid_on = models.DateField(_("paid on"))
    amount = models.BigIntegerField(_("amount (yen)"))
    fees = models.BigIntegerField(_("fees (yen)"))
    reference = models.CharField(_("reference"), max_length=120)
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta(TenantModel.Meta):
        verbose_name = _("card company's settlement")
        verbose_name_plural = _("card company's settlements")
        constraints = [
            *tenant_constraints("payments_settlement", update=()),
            models.UniqueConstraint(fields=["tenant", "reference"], name="payments_settlement_once"),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0, fees__gte=0), name="payments_settlement_amounts"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "-paid_on"], name="payments_settlement_recent")]

    def __str__(self) -> str:
        return f"{self.paid_on} {self.reference} {self.amount}"

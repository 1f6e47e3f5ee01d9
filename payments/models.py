"""Money that arrived, and the names under which customers send it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import PublicIdModel, TenantModel, unique_public_id


class PaymentMethodUsed(models.TextChoices):
    TRANSFER = "transfer", _("Bank transfer")


class PaymentState(models.TextChoices):
    UNMATCHED = "unmatched", _("Unmatched")
    SUCCEEDED = "succeeded", _("Received")


class Payment(PublicIdModel, TenantModel):
    """`reference` identifies it at its origin (a line of a bank statement), so it is booked once."""

    method = models.CharField(_("method"), max_length=20, choices=PaymentMethodUsed)
    state = models.CharField(_("state"), max_length=20, choices=PaymentState)
    customer = TenantForeignKey("accounts.Customer", null=True, related_name="+")
    amount = models.BigIntegerField(_("amount (yen)"))
    received_on = models.DateField(_("received"))
    payer_name = models.CharField(_("payer"), max_length=100, blank=True)
    reference = models.CharField(_("reference"), max_length=120)
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta(TenantModel.Meta):
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            *tenant_constraints(
                "payments_payment",
                references={"customer": "accounts.Customer"},
                update=("state", "customer"),
            ),
            unique_public_id("payments_payment"),
            models.UniqueConstraint(fields=["tenant", "method", "reference"], name="payments_payment_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payments_payment_amount"),
        ]
        indexes = [models.Index(fields=["tenant", "-received_on"], name="payments_payment_recent")]

    def __str__(self) -> str:
        return f"{self.received_on} {self.payer_name} {self.amount}"


class PayerName(TenantModel):
    """A name as banks print it (half-width kana), by which a customer is known."""

    customer = TenantForeignKey("accounts.Customer", related_name="payer_names")
    name = models.CharField(_("payer name"), max_length=100)

    class Meta(TenantModel.Meta):
        verbose_name = _("payer name")
        verbose_name_plural = _("payer names")
        constraints = [
            *tenant_constraints("payments_payer", references={"customer": "accounts.Customer"}, delete=True),
            models.UniqueConstraint(fields=["tenant", "customer", "name"], name="payments_payer_once"),
        ]
        indexes = [models.Index(fields=["tenant", "name"], name="payments_payer_name")]

    def __str__(self) -> str:
        return self.name

"""Charges that card companies take back, and give up again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import TenantModel
from payments.models.cards.charged import CardPayment, CardPaymentState


class CardDisputeState(models.TextChoices):
    TAKEN = "taken", _("Taken back")
    WON = "won", _("Won: the money is ours again")
    LOST = "lost", _("Lost")


class CardDispute(TenantModel):
    """`amount` is what was taken; `before` is how the charge stood then, and stands again once it is won.

    One of which we hear only when it is won has taken nothing from our books, and has no entry.
    """

    payment = TenantForeignKey(CardPayment, related_name="disputes", db_index=False)
    gateway_id = models.CharField(_("provider's number"), max_length=60)
    amount = models.BigIntegerField(_("amount (yen)"))
    state = models.CharField(_("state"), max_length=10, choices=CardDisputeState)
    before = models.CharField(max_length=20, choices=CardPaymentState)
    opened_at = models.DateTimeField(_("known since"))
    ended_at = models.DateTimeField(_("decided"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("card dispute")
        verbose_name_plural = _("card disputes")
        constraints = [
            *tenant_constraints(
                "payments_dispute",
                references={"payment": "payments.CardPayment"},
                update=("state", "ended_at"),
            ),
            models.UniqueConstraint(fields=["tenant", "gateway_id"], name="payments_dispute_once"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="payments_dispute_amount"),
        ]
        indexes = [models.Index(fields=["tenant", "payment"], name="payments_dispute_payment")]

    def __str__(self) -> str:
        return f"{self.payment} {self.get_state_display()}"

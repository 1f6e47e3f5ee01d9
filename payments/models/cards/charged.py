"""What was charged to cards, and what went back to them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.templatetags.formats import yen_text
from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import PublicIdModel, TenantModel, unique_public_id
from payments.models.cards.saved import Card


class CardPurpose(models.TextChoices):
    ORDER = "order", _("Order")
    DELIVERY = "delivery", _("Delivery")


class CardPaymentState(models.TextChoices):
    """`INTENDED` until the provider's answer is known; asked again with the same key, it is charged once.

    `RELEASED` without `settled_at`: the provider has not been told yet. `LATE`: charged after it was given
    up, so it became deposit and is refunded.
    """

    INTENDED = "intended", _("Under way")
    NEEDS_CUSTOMER = "needs_customer", _("The card holder has to confirm")
    SUCCEEDED = "succeeded", _("Charged")
    FAILED = "failed", _("Refused by the card company")
    RELEASED = "released", _("Not charged")
    CHARGED_BACK = "charged_back", _("Charged back")
    LATE = "late", _("Charged too late, given back")


class CardPayment(PublicIdModel, TenantModel):
    """One attempt to charge a card; its public id is the key under which the provider knows it.

    `(purpose, reference)` names what is paid: an order of a debit card, or a delivery. `refunded` counts what
    is back on the card or on its way. `confirm_url` is our page for the holder, while the provider waits.
    """

    customer = TenantForeignKey("accounts.Customer", related_name="+", db_index=False)
    card = TenantForeignKey(Card, related_name="payments", db_index=False)
    purpose = models.CharField(_("purpose"), max_length=10, choices=CardPurpose)
    reference = models.BigIntegerField()
    order_number = models.CharField(_("order number"), max_length=60)
    amount = models.BigIntegerField(_("amount (yen)"))
    state = models.CharField(
        _("state"), max_length=20, choices=CardPaymentState, default=CardPaymentState.INTENDED
    )
    refunded = models.BigIntegerField(_("refunded (yen)"), default=0)
    gateway_id = models.CharField(_("provider's number"), max_length=60, blank=True)
    decline_code = models.CharField(_("decline code"), max_length=60, blank=True)
    confirm_url = models.TextField(blank=True)
    intended_at = models.DateTimeField(_("asked"))
    settled_at = models.DateTimeField(_("settled"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("card payment")
        verbose_name_plural = _("card payments")
        constraints = [
            *tenant_constraints(
                "payments_charge",
                references={"customer": "accounts.Customer", "card": "payments.Card"},
                update=("state", "refunded", "gateway_id", "decline_code", "confirm_url", "settled_at"),
            ),
            unique_public_id("payments_charge"),
            models.UniqueConstraint(
                fields=["tenant", "purpose", "reference"],
                name="payments_charge_one_open",
                condition=models.Q(state__in=["intended", "needs_customer", "succeeded"]),
            ),
            models.UniqueConstraint(
                fields=["tenant", "gateway_id"],
                name="payments_charge_once",
                condition=~models.Q(gateway_id=""),
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0, refunded__gte=0, refunded__lte=models.F("amount")),
                name="payments_charge_amounts",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "customer"], name="payments_charge_customer"),
            models.Index(fields=["tenant", "-intended_at"], name="payments_charge_recent"),
            models.Index(
                fields=["tenant", "intended_at"],
                name="payments_charge_unanswered",
                condition=models.Q(state="intended"),
            ),
            models.Index(
                fields=["tenant", "intended_at"],
                name="payments_charge_to_cancel",
                condition=models.Q(state="released", settled_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_number} {yen_text(self.amount)}"


class CardRefundState(models.TextChoices):
    INTENDED = "intended", _("Under way")
    SUCCEEDED = "succeeded", _("Refunded")
    FAILED = "failed", _("Failed")


class CardRefund(PublicIdModel, TenantModel):
    """Money on its way back to a card; until it is back, the sum is deposit that is reserved for it.

    One that fails, be it after it succeeded, leaves free deposit.
    """

    payment = TenantForeignKey(CardPayment, related_name="refunds", db_index=False)
    amount = models.BigIntegerField(_("amount (yen)"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=CardRefundState, default=CardRefundState.INTENDED
    )
    gateway_id = models.CharField(_("provider's number"), max_length=60, blank=True)
    error = models.CharField(_("error"), max_length=200, blank=True)
    intended_at = models.DateTimeField(_("asked"))
    settled_at = models.DateTimeField(_("settled"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("card refund")
        verbose_name_plural = _("card refunds")
        constraints = [
            *tenant_constraints(
                "payments_refund",
                references={"payment": "payments.CardPayment"},
                update=("state", "gateway_id", "error", "settled_at"),
            ),
            unique_public_id("payments_refund"),
            models.UniqueConstraint(
                fields=["tenant", "gateway_id"],
                name="payments_refund_once",
                condition=~models.Q(gateway_id=""),
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payments_refund_amount"),
        ]
        indexes = [
            models.Index(fields=["tenant", "payment"], name="payments_refund_payment"),
            models.Index(
                fields=["tenant", "intended_at"],
                name="payments_refund_unanswered",
                condition=models.Q(state="intended"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment.order_number} {yen_text(self.amount)}"

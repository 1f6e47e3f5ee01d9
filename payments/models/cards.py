"""Cards that customers saved, what was charged to them, and what their provider told us.

No card number ever reaches us: a card is what the provider calls it, with its brand and last four digits.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import PublicIdModel, TenantModel, unique_public_id


class Funding(models.TextChoices):
    CREDIT = "credit", _("Credit card")
    DEBIT = "debit", _("Debit card")
    PREPAID = "prepaid", _("Prepaid card")
    UNKNOWN = "unknown", _("Unknown")


class CardHolder(TenantModel):
    """What the provider calls a customer; made once, before its first card."""

    customer = TenantForeignKey("accounts.Customer", related_name="+", db_index=False)
    gateway_id = models.CharField(max_length=60)

    class Meta(TenantModel.Meta):
        verbose_name = _("card holder")
        verbose_name_plural = _("card holders")
        constraints = [
            *tenant_constraints(
                "payments_holder", references={"customer": "accounts.Customer"}, update=("gateway_id",)
            ),
            models.UniqueConstraint(fields=["tenant", "customer"], name="payments_holder_one"),
        ]


class Card(PublicIdModel, TenantModel):
    """A card that may be charged without its holder. `removed_at`: the customer has taken it away."""

    customer = TenantForeignKey("accounts.Customer", related_name="cards", db_index=False)
    gateway_id = models.CharField(max_length=60)
    brand = models.CharField(_("brand"), max_length=20)
    funding = models.CharField(_("funding"), max_length=10, choices=Funding)
    last4 = models.CharField(_("last four digits"), max_length=4)
    exp_month = models.PositiveSmallIntegerField(_("valid until (month)"))
    exp_year = models.PositiveSmallIntegerField(_("valid until (year)"))
    saved_at = models.DateTimeField(_("saved"))
    removed_at = models.DateTimeField(_("removed"), null=True)
    forgotten_at = models.DateTimeField(_("forgotten by the provider"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        constraints = [
            *tenant_constraints(
                "payments_card",
                references={"customer": "accounts.Customer"},
                update=("removed_at", "forgotten_at"),
            ),
            unique_public_id("payments_card"),
            models.UniqueConstraint(fields=["tenant", "gateway_id"], name="payments_card_once"),
        ]
        indexes = [
            models.Index(fields=["tenant", "customer"], name="payments_card_customer"),
            models.Index(
                fields=["tenant", "removed_at"],
                name="payments_card_to_forget",
                condition=models.Q(removed_at__isnull=False, forgotten_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand} •••• {self.last4}"


class CardSetupState(models.TextChoices):
    ASKED = "asked", _("Asked for")
    OPEN = "open", _("Open")
    SAVED = "saved", _("Card saved")
    REFUSED = "refused", _("Refused")
    EXPIRED = "expired", _("Expired")


class CardSetup(PublicIdModel, TenantModel):
    """A visit to the provider's page on which a card is entered.

    `purpose` and `reference` say what waits for the card; `draft` is what the customer had filled in before.
    """

    customer = TenantForeignKey("accounts.Customer", related_name="+", db_index=False)
    member = TenantForeignKey("accounts.Member", null=True, related_name="+", db_index=False)
    state = models.CharField(_("state"), max_length=10, choices=CardSetupState, default=CardSetupState.ASKED)
    purpose = models.CharField(max_length=20, blank=True)
    reference = models.BigIntegerField(null=True)
    draft = models.JSONField(default=dict)
    session = models.CharField(max_length=100, blank=True)
    url = models.TextField(blank=True)
    card = TenantForeignKey(Card, null=True, related_name="+", db_index=False)
    refusal = models.CharField(_("refused because"), max_length=40, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("card entry")
        verbose_name_plural = _("card entries")
        constraints = [
            *tenant_constraints(
                "payments_setup",
                references={
                    "customer": "accounts.Customer",
                    "member": "accounts.Member",
                    "card": "payments.Card",
                },
                update=("state", "session", "url", "card", "refusal", "ended_at"),
            ),
            unique_public_id("payments_setup"),
            models.UniqueConstraint(
                fields=["tenant", "session"], name="payments_setup_session", condition=~models.Q(session="")
            ),
        ]


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
        return f"{self.order_number} {self.amount}"


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


class GatewayEvent(TenantModel):
    """What the provider told us, as it came; each once. `handled_at` None: still to be done."""

    event_id = models.CharField(_("event"), max_length=100)
    kind = models.CharField(_("kind"), max_length=80)
    payload = models.JSONField(_("content"))
    received_at = models.DateTimeField(_("received"))
    handled_at = models.DateTimeField(_("handled"), null=True)
    error = models.TextField(_("error"), blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("provider's event")
        verbose_name_plural = _("provider's events")
        constraints = [
            *tenant_constraints("payments_event", update=("handled_at", "error")),
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

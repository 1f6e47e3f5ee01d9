"""Cards that customers saved, and the visits on which they were entered."""

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


BRANDS = {
    "visa": "Visa",
    "mastercard": "Mastercard",
    "jcb": "JCB",
    "amex": "American Express",
    "diners": "Diners Club",
}
"""Those that are accepted, as they are written (A2)."""


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
        return f"{BRANDS.get(self.brand, self.brand.title())} •••• {self.last4}"


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

"""Money that arrived, whose it is, and the names and numbers by which payers are known."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.templatetags.formats import yen_text
from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import PublicIdModel, TenantModel, unique_public_id


class PaymentMethodUsed(models.TextChoices):
    TRANSFER = "transfer", _("Bank transfer")


class PaymentState(models.TextChoices):
    UNMATCHED = "unmatched", _("Unmatched")
    SUCCEEDED = "succeeded", _("Received")
    SENT_BACK = "sent_back", _("Sent back")
    DOUBTFUL = "doubtful", _("Perhaps known already")
    KNOWN = "known", _("Known already, not booked")


class MatchKind(models.TextChoices):
    """The kinds of difference between what came and what was open."""

    EXACT = "exact", _("Exact")
    SEVERAL = "several", _("Several documents at once")
    SHORT_BY_FEE = "short_by_fee", _("Short by a transfer fee")
    PARTIAL = "partial", _("Partial")
    OVERPAID = "overpaid", _("Overpaid")
    NO_OPEN_DOCUMENT = "no_open_document", _("No open document")
    UNKNOWN_PAYER = "unknown_payer", _("Unknown payer")


class Payment(PublicIdModel, TenantModel):
    """`reference` identifies it at its origin, so it is booked once.

    Of a bank file it is made of account, day, the bank's number, sum and payer, and which of several equal
    entries of one file it is: the same entry of two files is one payment. `taken_back_by` is the reference of
    the bank's own cancellation (取消). A doubtful one may be `perhaps_same_as` a payment that another kind of
    file has told: it is not booked before a person has said that it is another.
    """

    method = models.CharField(_("method"), max_length=20, choices=PaymentMethodUsed)
    state = models.CharField(_("state"), max_length=20, choices=PaymentState)
    customer = TenantForeignKey("accounts.Customer", null=True, related_name="+")
    amount = models.BigIntegerField(_("amount (yen)"))
    received_on = models.DateField(_("received"))
    payer_name = models.CharField(_("payer"), max_length=100, blank=True)
    reference = models.CharField(_("reference"), max_length=120)
    recorded_at = models.DateTimeField(_("recorded"))
    account = models.CharField(_("bank account"), max_length=40, blank=True)
    bank_number = models.CharField(_("bank's number"), max_length=20, blank=True)
    payer_code = models.CharField(_("payer's number"), max_length=10, blank=True)
    note = models.CharField(_("note"), max_length=40, blank=True)
    bank_file = TenantForeignKey("payments.BankFile", null=True, related_name="payments", db_index=False)
    record = models.IntegerField(_("record of the file"), null=True)
    taken_back_by = models.CharField(_("taken back by"), max_length=120, blank=True)
    perhaps_same_as = TenantForeignKey(
        "payments.Payment", null=True, related_name="+", db_index=False, verbose_name=_("perhaps the same as")
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            *tenant_constraints(
                "payments_payment",
                references={
                    "customer": "accounts.Customer",
                    "bank_file": "payments.BankFile",
                    "perhaps_same_as": "payments.Payment",
                },
                update=("state", "customer", "taken_back_by"),
            ),
            unique_public_id("payments_payment"),
            models.UniqueConstraint(fields=["tenant", "method", "reference"], name="payments_payment_once"),
            models.UniqueConstraint(
                fields=["tenant", "taken_back_by"],
                name="payments_payment_back_once",
                condition=~models.Q(taken_back_by=""),
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payments_payment_amount"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["doubtful", "known"])
                | models.Q(perhaps_same_as__isnull=False),
                name="payments_payment_doubt",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-received_on", "-id"], name="payments_payment_recent"),
            models.Index(fields=["tenant", "amount"], name="payments_payment_amount_of"),
            models.Index(fields=["tenant", "payer_name"], name="payments_payment_payer"),
            models.Index(fields=["tenant", "reference"], name="payments_payment_reference"),
            models.Index(
                fields=["tenant", "bank_file", "record"],
                name="payments_payment_file",
                condition=models.Q(bank_file__isnull=False),
            ),
            models.Index(
                fields=["tenant", "bank_file"],
                name="payments_payment_doubtful",
                condition=models.Q(state="doubtful"),
            ),
            models.Index(
                fields=["tenant", "received_on"],
                name="payments_payment_waiting",
                condition=models.Q(state="unmatched"),
            ),
            models.Index(
                fields=["tenant", "account", "received_on"],
                name="payments_payment_account",
                condition=~models.Q(account=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.received_on} {self.payer_name} {yen_text(self.amount)}"


class Match(TenantModel):
    """That (a part of) a payment is a customer's; undone, it stays with the moment it was undone.

    Matched on arrival, its entry is the payment's; later ones have an entry of their own, from suspense.
    """

    payment = TenantForeignKey(Payment, related_name="matches", db_index=False)
    customer = TenantForeignKey("accounts.Customer", related_name="+", db_index=False)
    entry = TenantForeignKey("ledger.Entry", null=True, related_name="+", db_index=False)
    kind = models.CharField(_("kind"), max_length=20, choices=MatchKind)
    amount = models.BigIntegerField(_("amount (yen)"))
    short = models.BigIntegerField(_("short by (yen)"), default=0)
    written_off = models.BigIntegerField(_("written off (yen)"), default=0)
    by_hand = models.BooleanField(_("by hand"), default=False)
    matched_at = models.DateTimeField(_("matched"))
    undone_at = models.DateTimeField(_("undone"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        constraints = [
            *tenant_constraints(
                "payments_match",
                references={
                    "payment": "payments.Payment",
                    "customer": "accounts.Customer",
                    "entry": "ledger.Entry",
                },
                update=("entry", "undone_at"),
            ),
            models.UniqueConstraint(
                fields=["tenant", "payment", "customer"],
                name="payments_match_once",
                condition=models.Q(undone_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0, short__gte=0, written_off__gte=0),
                name="payments_match_amounts",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "customer"], name="payments_match_customer"),
            models.Index(fields=["tenant", "payment"], name="payments_match_payment"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"

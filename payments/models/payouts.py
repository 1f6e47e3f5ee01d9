"""Deposit that is paid out to customers: what was asked for, and the bank files that carry it (A15)."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing_project.templatetags.formats import yen_text
from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import PublicIdModel, TenantModel, unique_public_id

HOLDER_LENGTH = 30
"""The receiver's name of a transfer file has no more characters."""


class AccountKind(models.TextChoices):
    """As transfer files (総合振込) write it."""

    ORDINARY = "1", _("Ordinary")
    CURRENT = "2", pgettext_lazy("kind of a bank account", "Current")
    SAVINGS = "4", _("Savings")


class AtBank(models.Model):
    """The fields that name an account at a Japanese bank."""

    bank_code = models.CharField(
        _("bank code"), max_length=4, validators=[RegexValidator(r"^[0-9]{4}\Z", _("Four digits."))]
    )
    branch_code = models.CharField(
        _("branch code"), max_length=3, validators=[RegexValidator(r"^[0-9]{3}\Z", _("Three digits."))]
    )
    account_kind = models.CharField(_("kind of account"), max_length=1, choices=AccountKind)
    account_number = models.CharField(
        _("account number"),
        max_length=7,
        validators=[RegexValidator(r"^[0-9]{7}\Z", _("Seven digits; put zeros before a shorter number."))],
    )

    class Meta:
        abstract = True


class PayoutAccount(AtBank, TenantModel):
    """The account that the customer gave last, offered again for its next pay-out."""

    customer = TenantForeignKey("accounts.Customer", related_name="+", db_index=False)
    holder_kana = models.CharField(_("account holder (kana)"), max_length=HOLDER_LENGTH)

    class Meta(TenantModel.Meta):
        verbose_name = _("account for pay-outs")
        verbose_name_plural = _("accounts for pay-outs")
        constraints = [
            *tenant_constraints("payments_outaccount", references={"customer": "accounts.Customer"}),
            models.UniqueConstraint(fields=["tenant", "customer"], name="payments_outaccount_one"),
        ]


class PayoutSender(AtBank, TenantModel):
    """The tenant's account from which pay-outs are made, and how its bank knows the tenant."""

    sender_code = models.CharField(
        _("consignor code"), max_length=10, validators=[RegexValidator(r"^[0-9]{10}\Z", _("Ten digits."))]
    )
    sender_name = models.CharField(_("consignor (kana)"), max_length=40)

    class Meta(TenantModel.Meta):
        verbose_name = _("sender of pay-outs")
        verbose_name_plural = _("sender of pay-outs")
        constraints = [
            *tenant_constraints("payments_sender"),
            models.UniqueConstraint(fields=["tenant"], name="payments_sender_one"),
        ]

    def __str__(self) -> str:
        return f"{self.sender_name} {self.bank_code}-{self.branch_code}-{self.account_number}"


class PayoutFileState(models.TextChoices):
    WRITTEN = "written", _("To be confirmed")
    CONFIRMED = "confirmed", _("Executed")
    DISCARDED = "discarded", _("Discarded")


class PayoutFile(PublicIdModel, TenantModel):
    """A file of kind 21 of the pay-outs due by a day, written once; `total` is net of fees, in yen."""

    pay_on = models.DateField(_("pay-out day"))
    state = models.CharField(
        _("state"), max_length=10, choices=PayoutFileState, default=PayoutFileState.WRITTEN
    )
    content = models.BinaryField()
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    count = models.IntegerField(_("pay-outs"))
    total = models.BigIntegerField(_("sum (yen)"))
    written_at = models.DateTimeField(_("written"))
    ended_at = models.DateTimeField(_("confirmed or discarded"), null=True)
    executed_on = models.DateField(_("executed"), null=True)
    bank_fee = models.BigIntegerField(_("the bank's fee (yen)"), default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("pay-out file")
        verbose_name_plural = _("pay-out files")
        constraints = [
            *tenant_constraints("payments_outfile", update=("state", "ended_at", "executed_on", "bank_fee")),
            unique_public_id("payments_outfile"),
            models.UniqueConstraint(
                fields=["tenant", "pay_on"],
                name="payments_outfile_one_open",
                condition=models.Q(state="written"),
            ),
            models.CheckConstraint(
                condition=models.Q(count__gt=0, total__gt=0, bank_fee__gte=0), name="payments_outfile_sums"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "-written_at"], name="payments_outfile_recent")]

    def __str__(self) -> str:
        return f"{self.pay_on} {self.count} {yen_text(self.total)}"


class PayoutState(models.TextChoices):
    ASKED = "asked", _("Asked for")
    IN_FILE = "in_file", _("In a bank file")
    PAID = "paid", _("Paid out")
    RETURNED = "returned", _("Returned by the bank")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Payout(AtBank, PublicIdModel, TenantModel):
    """A sum of free deposit on its way to the customer's account; `amount` less `fee` arrives there."""

    customer = TenantForeignKey("accounts.Customer", related_name="+", db_index=False)
    state = models.CharField(_("state"), max_length=10, choices=PayoutState, default=PayoutState.ASKED)
    amount = models.BigIntegerField(_("amount (yen)"))
    fee = models.BigIntegerField(_("fee (yen)"))
    holder_kana = models.CharField(_("account holder (kana)"), max_length=HOLDER_LENGTH)
    asked_at = models.DateTimeField(_("asked"))
    pay_on = models.DateField(_("pay-out day"))
    file = TenantForeignKey(PayoutFile, null=True, related_name="payouts", db_index=False)
    executed_on = models.DateField(_("executed"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    submission = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("pay-out")
        verbose_name_plural = _("pay-outs")
        constraints = [
            *tenant_constraints(
                "payments_payout",
                references={"customer": "accounts.Customer", "file": "payments.PayoutFile"},
                update=("state", "file", "executed_on", "ended_at", "reason"),
            ),
            unique_public_id("payments_payout"),
            models.UniqueConstraint(fields=["tenant", "submission"], name="payments_payout_sent_once"),
            models.CheckConstraint(
                condition=models.Q(fee__gte=0, amount__gt=models.F("fee")), name="payments_payout_amounts"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["asked", "withdrawn"], file__isnull=True)
                | models.Q(state__in=["in_file", "paid", "returned"], file__isnull=False),
                name="payments_payout_file",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "customer"], name="payments_payout_customer"),
            models.Index(fields=["tenant", "-asked_at"], name="payments_payout_recent"),
            models.Index(
                fields=["tenant", "pay_on"],
                name="payments_payout_waiting",
                condition=models.Q(state="asked"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pay_on} {self.holder_kana} {yen_text(self.amount)}"

    @property
    def net(self) -> int:
        """What arrives at the customer's account, in yen."""
        return self.amount - self.fee

"""Double entry, append-only: entries, their lines, and each customer's running balances."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import TenantModel


class Account(models.TextChoices):
    RECEIVABLE = "receivable", _("Accounts receivable")
    DEPOSIT = "deposit", _("Deposits received")
    SUSPENSE = "suspense", _("Suspense")
    BANK = "bank", _("Bank")
    CARD_CLEARING = "card_clearing", _("Card clearing")
    KONBINI_CLEARING = "konbini_clearing", _("Convenience store clearing")
    DEBIT_CLEARING = "debit_clearing", _("Direct debit clearing")
    PAYOUT_PAYABLE = "payout_payable", _("Pay-outs payable")
    SALES = "sales", _("Sales")
    TAX_PAYABLE = "tax_payable", _("Consumption tax payable")
    TRANSFER_FEES = "transfer_fees", _("Transfer fees")
    PROVIDER_FEES = "provider_fees", _("Provider fees")
    CARD_FEES = "card_fees", _("Card fees")
    BAD_DEBT = "bad_debt", _("Bad debt")


class Reason(models.TextChoices):
    DOCUMENT = "document", _("Document")
    PAYMENT = "payment", _("Payment")
    DEPOSIT_USED = "deposit_used", _("Deposit used")
    TO_DEPOSIT = "to_deposit", _("Surplus to deposit")
    MATCHED = "matched", _("Transfer matched")
    REVERSAL = "reversal", _("Reversal")
    SENT_BACK = "sent_back", _("Sent back")
    CARD_CHARGED = "card_charged", _("Card charged")
    CARD_REFUNDED = "card_refunded", _("Card refunded")
    CARD_REFUND_FAILED = "card_refund_failed", _("Card refund failed")
    CHARGEBACK = "chargeback", _("Chargeback")
    CHARGEBACK_REVERSED = "chargeback_reversed", _("Chargeback won")
    CARD_SETTLED = "card_settled", _("Card company's settlement")
    PAYOUT_ASKED = "payout_asked", _("Pay-out asked for")
    PAYOUT_EXECUTED = "payout_executed", _("Pay-out executed")
    PAYOUT_FEE = "payout_fee", _("Bank's fee of a pay-out")
    PAYOUT_RETURNED = "payout_returned", _("Pay-out returned")
    PAYOUT_WITHDRAWN = "payout_withdrawn", _("Pay-out withdrawn")
    WRITTEN_OFF = "written_off", _("Written off")
    RECOVERED = "recovered", _("Write-off recovered")
    WRITE_OFF_RETURNED = "write_off_returned", _("Written-off debt returned")
    CORRECTED = "corrected", _("Corrected")


class Entry(TenantModel):
    """One booking; `(reason, source_id)` names the document, payment … it came from, once."""

    booked_on = models.DateField(_("date of account"))
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    source_id = models.BigIntegerField(_("source"))
    memo = models.CharField(_("memo"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta(TenantModel.Meta):
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [
            *tenant_constraints("ledger_entry", update=()),
            models.UniqueConstraint(fields=["tenant", "reason", "source_id"], name="ledger_entry_once"),
        ]
        indexes = [
            models.Index(fields=["tenant", "booked_on", "id"], name="ledger_entry_day"),
            models.Index(fields=["tenant", "memo"], name="ledger_entry_memo"),
        ]

    def __str__(self) -> str:
        return f"{self.booked_on} {self.get_reason_display()}"


class Line(TenantModel):
    """One side of an entry: debit positive, credit negative, whole yen; an entry's lines add up to zero."""

    entry = TenantForeignKey(Entry, related_name="lines", db_index=False)
    account = models.CharField(_("account"), max_length=20, choices=Account)
    customer = TenantForeignKey("accounts.Customer", null=True, related_name="+", db_index=False)
    tax_category = models.CharField(_("tax category"), max_length=12, blank=True)
    tax_rate = models.SmallIntegerField(_("tax rate"), null=True)
    amount = models.BigIntegerField(_("amount (yen)"))

    class Meta(TenantModel.Meta):
        verbose_name = _("ledger line")
        verbose_name_plural = _("ledger lines")
        constraints = [
            *tenant_constraints(
                "ledger_line",
                references={"entry": "ledger.Entry", "customer": "accounts.Customer"},
                update=(),
            ),
            models.CheckConstraint(condition=~models.Q(amount=0), name="ledger_line_not_zero"),
        ]
        indexes = [
            models.Index(fields=["tenant", "entry"], name="ledger_line_entry"),
            models.Index(
                fields=["tenant", "customer", "account"],
                name="ledger_line_customer",
                condition=models.Q(customer__isnull=False),
            ),
        ]


class CustomerBalance(TenantModel):
    """A customer's standing (X5), kept in the transaction that books; locking the row is the customer's turn.

    `receivable` is what the customer owes; `deposit` what we hold for it; `reserved` the part of the
    deposit that orders have taken already.
    """

    customer = TenantForeignKey("accounts.Customer", related_name="+", db_index=False)
    receivable = models.BigIntegerField(_("receivable"), default=0, db_default=0)
    deposit = models.BigIntegerField(_("deposit"), default=0, db_default=0)
    reserved = models.BigIntegerField(_("reserved"), default=0, db_default=0)
    payout_payable = models.BigIntegerField(_("to be paid out"), default=0, db_default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("customer balance")
        verbose_name_plural = _("customer balances")
        constraints = [
            *tenant_constraints("ledger_balance", references={"customer": "accounts.Customer"}),
            models.UniqueConstraint(fields=["tenant", "customer"], name="ledger_balance_one"),
            models.CheckConstraint(
                condition=models.Q(deposit__gte=0, reserved__gte=0, payout_payable__gte=0)
                & models.Q(reserved__lte=models.F("deposit")),
                name="ledger_balance_signs",
            ),
        ]


class ReservedFor(models.TextChoices):
    ORDER = "order", _("Order")
    REFUND = "refund", _("Card refund under way")


class Reservation(TenantModel):
    """A part of a customer's deposit that is spoken for, in yen; `(purpose, source_id)` names by what.

    The amount goes down to zero as it is used or released. The sum of a customer's reservations is the
    `reserved` of its balance.
    """

    customer = TenantForeignKey("accounts.Customer", related_name="+", db_index=False)
    purpose = models.CharField(_("reserved for"), max_length=10, choices=ReservedFor)
    source_id = models.BigIntegerField(_("source"))
    amount = models.BigIntegerField(_("amount (yen)"))

    class Meta(TenantModel.Meta):
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        constraints = [
            *tenant_constraints(
                "ledger_reservation", references={"customer": "accounts.Customer"}, update=("amount",)
            ),
            models.UniqueConstraint(
                fields=["tenant", "purpose", "source_id"], name="ledger_reservation_once"
            ),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="ledger_reservation_sign"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "customer"],
                name="ledger_reservation_open",
                condition=models.Q(amount__gt=0),
            ),
        ]

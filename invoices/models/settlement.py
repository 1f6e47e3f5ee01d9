"""What is still to be paid of each document, and what paid it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import TenantModel


class OpenItem(TenantModel):
    """The open sum of a document that asks for money: `total` less its allocations."""

    document = TenantForeignKey("invoices.Document", related_name="open_items", db_index=False)
    customer = TenantForeignKey("accounts.Customer", related_name="+", db_index=False)
    due_on = models.DateField(_("due"), null=True)
    open_amount = models.BigIntegerField(_("open (yen)"))

    class Meta(TenantModel.Meta):
        verbose_name = _("open item")
        verbose_name_plural = _("open items")
        constraints = [
            *tenant_constraints(
                "invoices_open_item",
                references={"document": "invoices.Document", "customer": "accounts.Customer"},
                update=("open_amount", "due_on"),
            ),
            models.UniqueConstraint(fields=["tenant", "document"], name="invoices_open_item_one"),
            models.CheckConstraint(condition=models.Q(open_amount__gte=0), name="invoices_open_item_sign"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "customer", "due_on"],
                name="invoices_open_item_open",
                condition=models.Q(open_amount__gt=0),
                include=["open_amount", "document"],
            ),
            models.Index(
                fields=["tenant", "open_amount"],
                name="invoices_open_item_amount",
                condition=models.Q(open_amount__gt=0),
            ),
        ]


class AllocationSource(models.TextChoices):
    PAYMENT = "payment", _("Payment")
    DEPOSIT = "deposit", _("Deposit")
    RETURN = "return", _("Return invoice")
    FEE = "fee", _("Written off as fee")
    CARD = "card", _("Card")
    CHARGEBACK = "chargeback", _("Chargeback")
    BAD_DEBT = "bad_debt", _("Bad debt")
    CORRECTION = "correction", _("Corrected invoice")


class Allocation(TenantModel):
    """A sum that pays a document; undoing one adds another with the sign turned."""

    document = TenantForeignKey("invoices.Document", related_name="allocations", db_index=False)
    entry = TenantForeignKey("ledger.Entry", related_name="+", db_index=False)
    source = models.CharField(_("paid by"), max_length=10, choices=AllocationSource)
    source_id = models.BigIntegerField()
    amount = models.BigIntegerField(_("amount (yen)"))
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta(TenantModel.Meta):
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        constraints = [
            *tenant_constraints(
                "invoices_allocation",
                references={"document": "invoices.Document", "entry": "ledger.Entry"},
                update=(),
            ),
            models.CheckConstraint(condition=~models.Q(amount=0), name="invoices_allocation_not_zero"),
        ]
        indexes = [
            models.Index(fields=["tenant", "document"], name="invoices_allocation_document"),
            models.Index(fields=["tenant", "entry"], name="invoices_allocation_entry"),
            models.Index(fields=["tenant", "source", "source_id"], name="invoices_allocation_source"),
        ]

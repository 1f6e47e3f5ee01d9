"""One billable fact: dated, taxed, immutable. It is billed when a document line names it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import TenantModel


class Charge(TenantModel):
    """`amount` = `quantity` × `unit_price`, without tax or (`tax_inclusive`) with it.

    A reversal names the charge it undoes and has the quantity's sign turned. `corrects` is the document whose
    correction made the charge (X1): a reversal of what the document billed, or a line of the corrected one.
    No closing takes such charges. `stands_for` is the charge first recorded of what such a line restates.
    """

    customer = TenantForeignKey("accounts.Customer", related_name="+", db_index=False)
    addressee = TenantForeignKey("accounts.Addressee", related_name="+", db_index=False)
    payment_method = models.CharField(max_length=30)
    order_number = models.CharField(_("order number"), max_length=60, blank=True)
    transaction_date = models.DateField(_("transaction date"))
    billable_from = models.DateField(_("billable from"))
    description = models.CharField(_("description"), max_length=300)
    service_from = models.DateField(null=True)
    service_until = models.DateField(null=True)
    quantity = models.IntegerField(_("quantity"))
    unit = models.CharField(_("unit"), max_length=10, blank=True)
    unit_price = models.BigIntegerField(_("unit price (yen)"))
    amount = models.BigIntegerField(_("amount (yen)"))
    tax_inclusive = models.BooleanField(default=False)
    tax_category = models.CharField(_("tax category"), max_length=12)
    tax_rate = models.SmallIntegerField(_("tax rate (percent)"), null=True)
    reverses = TenantForeignKey("self", null=True, related_name="reversals", db_index=False)
    corrects = TenantForeignKey("invoices.Document", null=True, related_name="+", db_index=False)
    stands_for = TenantForeignKey("self", null=True, related_name="restated", db_index=False)
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta(TenantModel.Meta):
        verbose_name = _("charge")
        verbose_name_plural = _("charges")
        constraints = [
            *tenant_constraints(
                "invoices_charge",
                references={
                    "customer": "accounts.Customer",
                    "addressee": "accounts.Addressee",
                    "reverses": "invoices.Charge",
                    "corrects": "invoices.Document",
                    "stands_for": "invoices.Charge",
                },
                update=(),
            ),
            models.CheckConstraint(
                condition=models.Q(amount=models.F("quantity") * models.F("unit_price")),
                name="invoices_charge_amount",
            ),
            models.CheckConstraint(
                condition=~models.Q(quantity=0) & models.Q(unit_price__gte=0),
                name="invoices_charge_quantity",
            ),
            models.CheckConstraint(
                condition=models.Q(reverses__isnull=True)
                | models.Q(quantity__lt=0)
                | models.Q(corrects__isnull=False),
                name="invoices_charge_reversal",
            ),
            models.CheckConstraint(
                condition=models.Q(stands_for__isnull=True) | models.Q(corrects__isnull=False),
                name="invoices_charge_restated",
            ),
            models.UniqueConstraint(
                fields=["tenant", "reverses"],
                condition=models.Q(corrects__isnull=True),
                name="invoices_charge_reversed_once",
            ),
            models.UniqueConstraint(
                fields=["tenant", "reverses", "corrects"],
                condition=models.Q(corrects__isnull=False),
                name="invoices_charge_corrected_once",
            ),
            models.UniqueConstraint(
                fields=["tenant", "stands_for", "corrects"],
                condition=models.Q(stands_for__isnull=False),
                name="invoices_charge_restated_once",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "billable_from"], name="invoices_charge_billable"),
            models.Index(fields=["tenant", "recorded_at"], name="invoices_charge_recorded"),
            models.Index(fields=["tenant", "customer"], name="invoices_charge_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.transaction_date} {self.description}"

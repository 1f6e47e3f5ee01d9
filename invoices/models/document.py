"""Documents: frozen the moment they are issued, with copies of all they print (X1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.tenancy.constraints import TenantReference, tenant_constraints
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import PublicIdModel, TenantModel, unique_public_id


class DocumentKind(models.TextChoices):
    INVOICE = "invoice", _("Invoice")
    DELIVERY_NOTE = "delivery_note", _("Delivery note")
    RETURN_INVOICE = "return_invoice", _("Return invoice")
    CORRECTED_INVOICE = "corrected_invoice", _("Corrected invoice")
    PAYMENT_STATEMENT = "payment_statement", _("Payment statement")
    PLAIN_INVOICE = "plain_invoice", _("Plain invoice")


class NumberCounter(TenantModel):
    """The last number given per kind and year; its row is locked until the documents are committed (X2)."""

    kind = models.CharField(max_length=20, choices=DocumentKind)
    year = models.SmallIntegerField()
    last = models.IntegerField(default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("number counter")
        constraints = [
            *tenant_constraints("invoices_counter", update=("last",)),
            models.UniqueConstraint(fields=["tenant", "kind", "year"], name="invoices_counter_one"),
        ]


class IssuerSnapshot(TenantModel):
    """The issuer as documents print it; documents with equal content share a row."""

    digest = models.CharField(max_length=64)
    content = models.JSONField()
    branding = TenantForeignKey("accounts.Branding", null=True, related_name="+", db_index=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("issuer as printed")
        constraints = [
            *tenant_constraints("invoices_issuer", update=()),
            TenantReference(field="branding", to="accounts.Branding", name="invoices_issuer_branding_tfk"),
            models.UniqueConstraint(fields=["tenant", "digest"], name="invoices_issuer_once"),
        ]


class Document(PublicIdModel, TenantModel):
    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind)
    # Sorted by bytes: the search for the beginning of a number goes through the unique index.
    number = models.CharField(_("number"), max_length=30, db_collation="C")
    year = models.SmallIntegerField()
    serial = models.IntegerField()
    customer = TenantForeignKey("accounts.Customer", related_name="+", db_index=False)
    addressee = TenantForeignKey("accounts.Addressee", related_name="+", db_index=False)
    issuer = TenantForeignKey(IssuerSnapshot, related_name="+", db_index=False)
    closing = TenantForeignKey("invoices.Closing", null=True, related_name="documents", db_index=False)
    original = TenantForeignKey("self", null=True, related_name="followers", db_index=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    payment_method = models.CharField(_("payment method"), max_length=30)
    issued_on = models.DateField(_("issued"))
    issued_at = models.DateTimeField()
    booked_on = models.DateField(_("date of account"))
    due_on = models.DateField(_("due"), null=True)
    first_transaction_on = models.DateField()
    last_transaction_on = models.DateField()
    tax_inclusive = models.BooleanField()
    tax_rounding = models.CharField(max_length=10)
    net_total = models.BigIntegerField(_("net (yen)"))
    tax_total = models.BigIntegerField(_("tax (yen)"))
    total = models.BigIntegerField(_("total (yen)"))
    carried_over = models.BigIntegerField(_("carried over (yen)"), default=0)
    deposit_applied = models.BigIntegerField(_("deposit applied (yen)"), default=0)
    paid_at_issue = models.BigIntegerField(_("paid at issue (yen)"), default=0)
    to_pay = models.BigIntegerField(_("to pay (yen)"))

    class Meta(TenantModel.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            *tenant_constraints(
                "invoices_document",
                references={
                    "customer": "accounts.Customer",
                    "addressee": "accounts.Addressee",
                    "issuer": "invoices.IssuerSnapshot",
                    "closing": "invoices.Closing",
                    "original": "invoices.Document",
                },
                update=(),
            ),
            unique_public_id("invoices_document"),
            models.UniqueConstraint(
                fields=["tenant", "kind", "year", "serial"], name="invoices_document_serial"
            ),
            models.UniqueConstraint(fields=["tenant", "number"], name="invoices_document_number"),
            models.CheckConstraint(
                condition=models.Q(total=models.F("net_total") + models.F("tax_total")),
                name="invoices_document_total",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    to_pay=models.F("total")
                    + models.F("carried_over")
                    - models.F("deposit_applied")
                    - models.F("paid_at_issue")
                ),
                name="invoices_document_to_pay",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="corrected_invoice")
                | (models.Q(original__isnull=False) & ~models.Q(reason="")),
                name="invoices_document_corrects",
            ),
            models.UniqueConstraint(
                fields=["tenant", "original"],
                condition=models.Q(kind="corrected_invoice"),
                name="invoices_document_corrected_once",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-issued_on", "-id"], name="invoices_document_issued"),
            models.Index(fields=["tenant", "customer", "-issued_on"], name="invoices_document_customer"),
            models.Index(
                fields=["tenant", "addressee", "-issued_on", "-id"], name="invoices_document_addressee"
            ),
            models.Index(fields=["tenant", "total"], name="invoices_document_amount"),
            models.Index(
                fields=["tenant", "closing", "kind", "year", "serial"], name="invoices_document_closing"
            ),
            models.Index(
                fields=["tenant", "original"],
                condition=models.Q(original__isnull=False),
                name="invoices_document_original",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class DocumentLine(TenantModel):
    """A line as printed; naming the charge is what bills it, so a charge has at most one line."""

    document = TenantForeignKey(Document, related_name="lines", db_index=False)
    position = models.IntegerField()
    charge = TenantForeignKey("invoices.Charge", related_name="+", db_index=False)
    order_number = models.CharField(max_length=60, blank=True)
    transaction_date = models.DateField()
    description = models.CharField(max_length=300)
    service_from = models.DateField(null=True)
    service_until = models.DateField(null=True)
    quantity = models.IntegerField()
    unit = models.CharField(max_length=10, blank=True)
    unit_price = models.BigIntegerField()
    amount = models.BigIntegerField()
    tax_category = models.CharField(max_length=12)
    tax_rate = models.SmallIntegerField(null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("document line")
        verbose_name_plural = _("document lines")
        constraints = [
            *tenant_constraints(
                "invoices_line",
                references={"document": "invoices.Document", "charge": "invoices.Charge"},
                update=(),
            ),
            models.UniqueConstraint(fields=["tenant", "charge"], name="invoices_line_bills_once"),
            models.UniqueConstraint(fields=["tenant", "document", "position"], name="invoices_line_position"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "order_number"],
                name="invoices_line_order",
                condition=~models.Q(order_number=""),
            )
        ]


class DocumentTax(TenantModel):
    """Net and tax of one category and rate: rounded once, here (X9)."""

    document = TenantForeignKey(Document, related_name="taxes", db_index=False)
    tax_category = models.CharField(_("tax category"), max_length=12)
    tax_rate = models.SmallIntegerField(_("rate (percent)"), null=True)
    net = models.BigIntegerField(_("net (yen)"))
    tax = models.BigIntegerField(_("tax (yen)"))

    class Meta(TenantModel.Meta):
        verbose_name = _("tax of a document")
        constraints = [
            *tenant_constraints("invoices_tax", references={"document": "invoices.Document"}, update=()),
            models.UniqueConstraint(
                fields=["tenant", "document", "tax_category", "tax_rate"],
                name="invoices_tax_once",
                nulls_distinct=False,
            ),
        ]

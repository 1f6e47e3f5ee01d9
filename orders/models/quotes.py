"""Priced offers with an expiry (A9): asked for, made, frozen once sent, fetched by a link."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.policy.choices import TaxCategory
from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import PublicIdModel, TenantModel, unique_public_id
from invoices.models.archive import AccessLink, LoggedAccess, StoredFile


class QuoteCounter(TenantModel):
    """The last number per year; its row is locked until the quote is committed, so there are no gaps (X2)."""

    year = models.SmallIntegerField()
    last = models.IntegerField(default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("quote counter")
        constraints = [
            *tenant_constraints("orders_quote_counter", update=("last",)),
            models.UniqueConstraint(fields=["tenant", "year"], name="orders_quote_counter_one"),
        ]


class QuoteRequestState(models.TextChoices):
    WAITING = "waiting", _("Waits for an answer")
    ANSWERED = "answered", _("Answered")
    DECLINED = "declined", _("Declined")


class QuoteRequest(PublicIdModel, TenantModel):
    """What somebody wants a price for; a stranger is no customer until an operator makes it one."""

    customer = TenantForeignKey("accounts.Customer", null=True, related_name="+")
    member = TenantForeignKey("accounts.Member", null=True, related_name="+", db_index=False)
    product = TenantForeignKey("orders.Product", related_name="+", db_index=False)
    quantity = models.IntegerField(_("quantity"))
    company = models.CharField(_("company name"), max_length=200)
    contact_name = models.CharField(_("contact"), max_length=100)
    email = models.EmailField(_("mail address"))
    postcode = models.CharField(_("postcode"), max_length=8, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    asked_at = models.DateTimeField(_("asked"))
    state = models.CharField(
        _("state"), max_length=10, choices=QuoteRequestState, default=QuoteRequestState.WAITING
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("quote request")
        verbose_name_plural = _("quote requests")
        constraints = [
            *tenant_constraints(
                "orders_quote_request",
                references={
                    "customer": "accounts.Customer",
                    "member": "accounts.Member",
                    "product": "orders.Product",
                },
                update=("state", "reason", "customer"),
            ),
            unique_public_id("orders_quote_request"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="orders_quote_request_quantity"),
        ]
        indexes = [models.Index(fields=["tenant", "-asked_at"], name="orders_quote_request_recent")]

    def __str__(self) -> str:
        return f"{self.company} {self.contact_name}"


class Quote(PublicIdModel, TenantModel):
    """Frozen: it holds copies of all it prints. The order that names it is the one it became."""

    number = models.CharField(_("number"), max_length=30)
    year = models.SmallIntegerField()
    serial = models.IntegerField()
    customer = TenantForeignKey("accounts.Customer", related_name="+", db_index=False)
    member = TenantForeignKey("accounts.Member", null=True, related_name="+", db_index=False)
    request = TenantForeignKey(QuoteRequest, null=True, related_name="quotes", db_index=False)
    addressee = TenantForeignKey("accounts.Addressee", related_name="+", db_index=False)
    issuer = TenantForeignKey("invoices.IssuerSnapshot", related_name="+", db_index=False)
    by_operator = models.BooleanField(_("individual"))
    recipient = models.EmailField(_("mailed to"))
    made_at = models.DateTimeField(_("made"))
    issued_on = models.DateField(_("day of the quote"))
    valid_until = models.DateTimeField(_("valid until"))
    tax_inclusive = models.BooleanField()
    net_total = models.BigIntegerField(_("net (yen)"))
    tax_total = models.BigIntegerField(_("tax (yen)"))
    total = models.BigIntegerField(_("total (yen)"))
    note = models.TextField(_("note"), blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        constraints = [
            *tenant_constraints(
                "orders_quote",
                references={
                    "customer": "accounts.Customer",
                    "member": "accounts.Member",
                    "request": "orders.QuoteRequest",
                    "addressee": "accounts.Addressee",
                    "issuer": "invoices.IssuerSnapshot",
                },
                update=(),
            ),
            unique_public_id("orders_quote"),
            models.UniqueConstraint(fields=["tenant", "year", "serial"], name="orders_quote_serial"),
            models.UniqueConstraint(fields=["tenant", "number"], name="orders_quote_number"),
            models.UniqueConstraint(fields=["tenant", "request"], name="orders_quote_request_once"),
            models.CheckConstraint(
                condition=models.Q(total=models.F("net_total") + models.F("tax_total")),
                name="orders_quote_total",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "customer", "-made_at"], name="orders_quote_customer")]

    def __str__(self) -> str:
        return self.number


class QuoteLine(TenantModel):
    quote = TenantForeignKey(Quote, related_name="lines", db_index=False)
    position = models.IntegerField()
    product = TenantForeignKey("orders.Product", related_name="+", db_index=False)
    sku = models.CharField(_("SKU"), max_length=60)
    description = models.CharField(_("description"), max_length=300)
    quantity = models.IntegerField(_("quantity"))
    unit = models.CharField(max_length=10, blank=True)
    unit_price = models.BigIntegerField(_("unit price (yen)"))
    amount = models.BigIntegerField(_("amount (yen)"))
    tax_category = models.CharField(_("tax category"), max_length=12, choices=TaxCategory)
    tax_rate = models.SmallIntegerField(_("rate (percent)"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("quote line")
        verbose_name_plural = _("quote lines")
        constraints = [
            *tenant_constraints(
                "orders_quote_line",
                references={"quote": "orders.Quote", "product": "orders.Product"},
                update=(),
            ),
            models.UniqueConstraint(
                fields=["tenant", "quote", "position"], name="orders_quote_line_position"
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0, unit_price__gte=0),
                name="orders_quote_line_quantity",
            ),
        ]


class QuoteTax(TenantModel):
    """Net and tax of one category and rate, rounded once (X9)."""

    quote = TenantForeignKey(Quote, related_name="taxes", db_index=False)
    tax_category = models.CharField(_("tax category"), max_length=12, choices=TaxCategory)
    tax_rate = models.SmallIntegerField(_("rate (percent)"), null=True)
    net = models.BigIntegerField(_("net (yen)"))
    tax = models.BigIntegerField(_("tax (yen)"))

    class Meta(TenantModel.Meta):
        verbose_name = _("tax of a quote")
        constraints = [
            *tenant_constraints("orders_quote_tax", references={"quote": "orders.Quote"}, update=()),
            models.UniqueConstraint(
                fields=["tenant", "quote", "tax_category", "tax_rate"],
                name="orders_quote_tax_once",
                nulls_distinct=False,
            ),
        ]


class QuoteFile(StoredFile, TenantModel):
    quote = TenantForeignKey(Quote, related_name="files", db_index=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("file of a quote")
        constraints = [
            *tenant_constraints("orders_quote_file", references={"quote": "orders.Quote"}, update=()),
            models.UniqueConstraint(fields=["tenant", "quote", "media_type"], name="orders_quote_file_once"),
        ]


class QuoteLink(AccessLink, TenantModel):
    quote = TenantForeignKey(Quote, related_name="links", db_index=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("quote link")
        verbose_name_plural = _("quote links")
        constraints = [
            *tenant_constraints(
                "orders_quote_link", references={"quote": "orders.Quote"}, update=("revoked_at",)
            ),
            models.UniqueConstraint(fields=["tenant", "token_sha256"], name="orders_quote_link_token"),
        ]
        indexes = [models.Index(fields=["tenant", "quote"], name="orders_quote_link_quote")]


class QuoteAccess(LoggedAccess, TenantModel):
    quote = TenantForeignKey(Quote, related_name="accesses", db_index=False)
    link = TenantForeignKey(QuoteLink, null=True, related_name="accesses", db_index=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("access to a quote")
        verbose_name_plural = _("download log of quotes")
        constraints = tenant_constraints(
            "orders_quote_access",
            references={"quote": "orders.Quote", "link": "orders.QuoteLink"},
            update=(),
        )
        indexes = [models.Index(fields=["tenant", "quote", "-at"], name="orders_quote_access_quote")]

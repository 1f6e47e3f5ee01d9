"""What is sold once: products, orders and their lines."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.policy.choices import TaxCategory
from billing_project.jobs.uploads import Upload
from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import PublicIdModel, TenantModel, unique_public_id


class Product(PublicIdModel, TenantModel):
    """`sold_singly`: ordering n of it makes n lines, each delivered and cancelled by itself."""

    sku = models.CharField(_("SKU"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    unit = models.CharField(_("unit"), max_length=10, blank=True)
    unit_price = models.BigIntegerField(_("unit price (yen)"))
    tax_category = models.CharField(_("tax category"), max_length=12, choices=TaxCategory)
    sold_singly = models.BooleanField(_("a line for each"), default=True)
    inquiry_required = models.BooleanField(_("inquiry required"), default=False)
    discontinued = models.BooleanField(_("discontinued"), default=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            *tenant_constraints("orders_product"),
            unique_public_id("orders_product"),
            models.UniqueConstraint(fields=["tenant", "sku"], name="orders_product_sku"),
            models.CheckConstraint(condition=models.Q(unit_price__gte=0), name="orders_product_price"),
        ]

    def __str__(self) -> str:
        return self.name


class OrderState(models.TextChoices):
    OPEN = "open", _("Open")
    PARTLY_DELIVERED = "partly_delivered", _("Partly delivered")
    DELIVERED = "delivered", _("Delivered")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Expired")


class OrderSource(models.TextChoices):
    PANEL = "panel", _("Control panel")
    OPERATOR = "operator", _("Operator")
    IMPORT = "import", _("Import")


class OrderCounter(TenantModel):
    """The last order number per year; gaps are allowed here."""

    year = models.SmallIntegerField()
    last = models.IntegerField(default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("order counter")
        constraints = [
            *tenant_constraints("orders_counter", update=("last",)),
            models.UniqueConstraint(fields=["tenant", "year"], name="orders_counter_one"),
        ]


class Order(PublicIdModel, TenantModel):
    """`last_delivery_on` is the last day on which it can be delivered (A5); None: it does not expire."""

    number = models.CharField(_("order number"), max_length=60)
    source = models.CharField(_("source"), max_length=10, choices=OrderSource)
    customer = TenantForeignKey("accounts.Customer", related_name="+")
    member = TenantForeignKey("accounts.Member", null=True, related_name="+")
    addressee = TenantForeignKey("accounts.Addressee", related_name="+", db_index=False)
    policy_version = TenantForeignKey("accounts.PolicyVersion", related_name="+", db_index=False)
    payment_method = models.CharField(_("payment method"), max_length=30)
    card = TenantForeignKey("payments.Card", null=True, related_name="+", db_index=False)
    quote = TenantForeignKey("orders.Quote", null=True, related_name="orders", db_index=False)
    state = models.CharField(_("state"), max_length=20, choices=OrderState, default=OrderState.OPEN)
    placed_at = models.DateTimeField(_("ordered"))
    ordered_on = models.DateField(_("day of order"))
    last_delivery_on = models.DateField(_("last day for delivery"), null=True)
    purchase_order_number = models.CharField(_("purchase order number"), max_length=60, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    submission = models.UUIDField(null=True)
    fingerprint = models.CharField(max_length=64, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [
            *tenant_constraints(
                "orders_order",
                references={
                    "customer": "accounts.Customer",
                    "member": "accounts.Member",
                    "addressee": "accounts.Addressee",
                    "policy_version": "accounts.PolicyVersion",
                    "card": "payments.Card",
                    "quote": "orders.Quote",
                },
                update=("state", "card"),
            ),
            unique_public_id("orders_order"),
            models.UniqueConstraint(fields=["tenant", "number"], name="orders_order_number"),
            models.UniqueConstraint(
                fields=["tenant", "quote"],
                name="orders_order_quote_once",
                condition=~models.Q(state__in=["cancelled", "expired"]),
            ),
            models.UniqueConstraint(fields=["tenant", "submission"], name="orders_order_submitted_once"),
            models.CheckConstraint(
                condition=models.Q(payment_method="card") | models.Q(card__isnull=True),
                name="orders_order_card",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-placed_at", "-id"], name="orders_order_recent"),
            models.Index(
                fields=["tenant", "quote"],
                name="orders_order_quote",
                condition=models.Q(quote__isnull=False),
            ),
            models.Index(
                fields=["tenant", "purchase_order_number"],
                name="orders_order_purchase",
                condition=~models.Q(purchase_order_number=""),
            ),
            models.Index(
                fields=["tenant", "last_delivery_on"],
                name="orders_order_expiring",
                condition=models.Q(state__in=["open", "partly_delivered"]),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class LineState(models.TextChoices):
    OPEN = "open", _("Open")
    DELIVERED = "delivered", _("Delivered")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Expired")


class OrderLine(PublicIdModel, TenantModel):
    """A line is delivered and cancelled whole; `cancel_until` is the last day of its window (A13).

    A line that is `revoked_at` stays delivered and owed: its certificate no longer holds (A12).
    """

    order = TenantForeignKey(Order, related_name="lines", db_index=False)
    position = models.IntegerField()
    product = TenantForeignKey(Product, related_name="+", db_index=False)
    sku = models.CharField(_("SKU"), max_length=60)
    description = models.CharField(_("description"), max_length=300)
    quantity = models.IntegerField(_("quantity"))
    unit = models.CharField(max_length=10, blank=True)
    unit_price = models.BigIntegerField(_("unit price (yen)"))
    tax_category = models.CharField(_("tax category"), max_length=12, choices=TaxCategory)
    state = models.CharField(_("state"), max_length=10, choices=LineState, default=LineState.OPEN)
    delivered_at = models.DateTimeField(_("delivered"), null=True)
    delivered_on = models.DateField(_("day of delivery"), null=True)
    cancel_until = models.DateField(_("can be cancelled until"), null=True)
    charge = TenantForeignKey("invoices.Charge", null=True, related_name="+", db_index=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        constraints = [
            *tenant_constraints(
                "orders_line",
                references={
                    "order": "orders.Order",
                    "product": "orders.Product",
                    "charge": "invoices.Charge",
                },
                update=("state", "delivered_at", "delivered_on", "cancel_until", "charge", "revoked_at"),
            ),
            unique_public_id("orders_line"),
            models.UniqueConstraint(fields=["tenant", "order", "position"], name="orders_line_position"),
            models.UniqueConstraint(fields=["tenant", "charge"], name="orders_line_charge"),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0, unit_price__gte=0), name="orders_line_quantity"
            ),
            models.CheckConstraint(
                condition=models.Q(state="delivered", charge__isnull=False, delivered_on__isnull=False)
                | ~models.Q(state="delivered"),
                name="orders_line_delivered",
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "cancel_until"],
                name="orders_line_window",
                condition=models.Q(state="delivered"),
            ),
        ]

    def __str__(self) -> str:
        return self.description


class PendingState(models.TextChoices):
    WAITING = "waiting", _("Waits for the card")
    DELIVERED = "delivered", _("Delivered")
    DECLINED = "declined", _("Card refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class PendingDelivery(TenantModel):
    """Lines of an order that are delivered as soon as its card has been charged (A3); one at a time.

    `delivered_on` is the real day when the delivery was entered late (X4); None: the day of the charge.
    The card payment that names it is `CardPurpose.DELIVERY` with its id.
    """

    order = TenantForeignKey(Order, related_name="+", db_index=False)
    positions = models.JSONField(_("lines"))
    delivered_on = models.DateField(_("day of delivery"), null=True)
    amount = models.BigIntegerField(_("amount (yen)"))
    state = models.CharField(_("state"), max_length=10, choices=PendingState, default=PendingState.WAITING)
    asked_at = models.DateTimeField(_("asked"))

    class Meta(TenantModel.Meta):
        verbose_name = _("delivery that waits for its card")
        verbose_name_plural = _("deliveries that wait for their cards")
        constraints = [
            *tenant_constraints("orders_pending", references={"order": "orders.Order"}, update=("state",)),
            models.UniqueConstraint(
                fields=["tenant", "order"],
                name="orders_pending_one",
                condition=models.Q(state="waiting"),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "order"], name="orders_pending_order")]


class SalesUpload(Upload, TenantModel):
    """A sales file that an operator uploaded."""

    task_name = "orders.tasks.import_upload"

    class Meta(TenantModel.Meta):
        verbose_name = _("sales file")
        verbose_name_plural = _("sales files")
        constraints = tenant_constraints("orders_sales_upload")
        indexes = [models.Index(fields=["tenant", "-asked_at"], name="orders_sales_upload_recent")]

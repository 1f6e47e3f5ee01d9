"""Orders: the list, and each one's page with its lines."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesRadioFilter, RangeDateFilter
from unfold.decorators import display

from accounts.models import Customer
from accounts.policy.choices import PaymentMethod
from billing_project.backoffice import cells
from billing_project.backoffice.acts import act_url, list_of, may_act
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Column, Fact, Facts, Section, Table, section
from invoices.models import Document, DocumentLine
from invoices.selectors import with_restated
from orders.models import LineState, Order, OrderLine
from orders.selectors import figures_of, lines_of

SHOWN = 10


def line_sums() -> dict[str, Any]:
    """Count and sum of an order's lines, as annotations."""
    lines = OrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order")
    amount = lines.annotate(all=Sum(F("quantity") * F("unit_price"))).values("all")
    count = lines.annotate(all=Count("*")).values("all")
    return {"line_count": Subquery(count), "amount": Subquery(amount)}


def state_label(order: Order) -> Any:
    return cells.state(order.state, order.get_state_display())


@admin.register(Order)
class OrderAdmin(OperatorAdmin):
    list_display = ("number", "company", "ordered", "state_name", "line_total", "sum", "deliver_by", "origin")
    list_display_links = ("number",)
    search_fields = ("^number", "^purchase_order_number", "customer")
    search_help_text = _("Order number, purchase order number, company or customer number")
    list_filter = (
        ("state", ChoicesRadioFilter),
        ("source", ChoicesRadioFilter),
        ("ordered_on", RangeDateFilter),
        ("last_delivery_on", RangeDateFilter),
    )
    list_select_related = ("customer",)
    page_related = ("customer", "member", "addressee", "policy_version", "card")
    ordering = ("-placed_at", "-id")
    csv_columns = (
        (_("order number"), "number"),
        (_("customer number"), "customer__code"),
        (_("company name"), "customer__name"),
        (_("ordered"), "placed_at"),
        (_("state"), "get_state_display"),
        (_("line count"), "line_count"),
        (_("amount (yen)"), "amount"),
        (_("last day for delivery"), "last_delivery_on"),
        (_("purchase order number"), "purchase_order_number"),
        (_("source"), "get_source_display"),
    )

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(**line_sums())

    @display(description=_("company name"), ordering="customer__name")
    def company(self, order: Any) -> Any:
        return cells.link(order.customer)

    @display(description=_("ordered"), ordering="placed_at")
    def ordered(self, order: Order) -> str:
        return cells.moments(order.placed_at)

    @display(description=_("state"), ordering="state")
    def state_name(self, order: Order) -> Any:
        return state_label(order)

    @display(description=_("line count"), ordering="line_count")
    def line_total(self, order: Any) -> Any:
        return cells.number(order.line_count)

    @display(description=_("amount (yen)"), ordering="amount")
    def sum(self, order: Any) -> Any:
        return cells.yen(order.amount)

    @display(description=_("last day for delivery"), ordering="last_delivery_on")
    def deliver_by(self, order: Order) -> str:
        return cells.days(order.last_delivery_on)

    @display(description=_("source"), ordering="source")
    def origin(self, order: Order) -> str:
        return order.get_source_display()


@section(Order, order=10)
def order_facts(_request: Any, order: Any) -> Section:
    method = order.payment_method
    return Facts(
        _("Order"),
        (
            Fact(_("order number"), order.number),
            Fact(_("customer"), cells.link(order.customer)),
            Fact(_("ordered by"), cells.link(order.member)),
            Fact(_("addressee"), str(order.addressee)),
            Fact(_("ordered"), cells.moments(order.placed_at)),
            Fact(_("state"), state_label(order)),
            Fact(_("last day for delivery"), cells.days(order.last_delivery_on)),
            Fact(
                _("payment method"), PaymentMethod(method).label if method in PaymentMethod.values else method
            ),
            Fact(_("purchase order number"), order.purchase_order_number or "—"),
            Fact(_("comment"), order.comment or "—"),
            Fact(_("source"), order.get_source_display()),
        ),
    )


@section(Order, order=20)
def order_lines(request: Any, order: Order) -> Section:
    columns = [
        Column(_("No.")),
        Column(_("SKU")),
        Column(_("description"), leads=True),
        Column(_("quantity"), numeric=True),
        Column(_("unit price (yen)"), numeric=True),
        Column(_("amount (yen)"), numeric=True),
        Column(_("state")),
        Column(_("delivered")),
        Column(_("can be cancelled until")),
    ]
    acts = may_act(request)
    return Table(_("Lines"), columns, [_line(order, line, acts) for line in lines_of(order)])


def _line(order: Order, line: OrderLine, acts: bool) -> tuple[Any, ...]:
    delivered = cells.days(line.delivered_on)
    if acts and line.state == LineState.OPEN:
        delivered = cells.to(f"{act_url(order, 'deliver')}?line={line.position}", _("Deliver"))
    return (
        line.position,
        line.sku,
        line.description,
        cells.number(line.quantity),
        cells.yen(line.unit_price),
        cells.yen(line.quantity * line.unit_price),
        cells.state("revoked", _("Revoked"))
        if line.revoked_at
        else cells.state(line.state, line.get_state_display()),
        delivered,
        cells.days(line.cancel_until),
    )


@section(Order, order=30)
def order_sums(_request: Any, order: Order) -> Section:
    figures = figures_of(order)
    return Facts(
        _("Sums of the lines that stand"),
        (
            Fact(_("net (yen)"), cells.yen(figures.net)),
            Fact(_("tax (yen)"), cells.yen(figures.tax)),
            Fact(_("total (yen)"), cells.yen(figures.total)),
        ),
    )


@section(Order, order=40)
def order_documents(_request: Any, order: Order) -> Section:
    delivered = OrderLine.objects.filter(order=order, charge__isnull=False)
    charges = with_restated(delivered.values_list("charge", flat=True))
    found = Document.objects.filter(pk__in=DocumentLine.objects.filter(charge__in=charges).values("document"))
    return Table(
        _("Documents"),
        [Column(_("number")), Column(_("kind")), Column(_("issued")), Column(_("total (yen)"), numeric=True)],
        [
            (cells.link(each), each.get_kind_display(), cells.days(each.issued_on), cells.yen(each.total))
            for each in found.order_by("issued_on", "id")
        ],
        empty=_("Not billed yet."),
    )


@section(Customer, order=30)
def customer_orders(_request: Any, customer: Customer) -> Section:
    found: Any = Order.objects.filter(customer=customer).annotate(**line_sums()).order_by("-placed_at", "-id")
    columns = [
        Column(_("order number")),
        Column(_("ordered")),
        Column(_("state")),
        Column(_("amount (yen)"), numeric=True),
    ]
    rows = [
        (cells.link(each), cells.moments(each.placed_at), state_label(each), cells.yen(each.amount))
        for each in found[:SHOWN]
    ]
    return Table(_("orders"), columns, rows, more=list_of(Order, f"q={customer.code}"))

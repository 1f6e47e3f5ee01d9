"""The lists of cards, of what was charged to them and given back, of events and settlements."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesRadioFilter, RangeDateFilter, RangeNumericFilter
from unfold.decorators import display

from billing_project.backoffice import cells
from billing_project.backoffice.model_admin import OperatorAdmin
from payments.models import (
    Card,
    CardPayment,
    CardPaymentState,
    CardRefund,
    CardRefundState,
    CardSettlement,
    GatewayEvent,
)
from payments.templatetags.cards import card_expiry

_PAYMENT_TONES = {
    CardPaymentState.SUCCEEDED: "success",
    CardPaymentState.NEEDS_CUSTOMER: "warning",
    CardPaymentState.FAILED: "danger",
    CardPaymentState.CHARGED_BACK: "danger",
    CardPaymentState.LATE: "warning",
}
_REFUND_TONES = {CardRefundState.SUCCEEDED: "success", CardRefundState.FAILED: "danger"}


@admin.register(Card)
class CardAdmin(OperatorAdmin):
    list_display = ("name", "company", "funding_label", "expiry", "saved", "standing")
    search_fields = ("customer", "last4")
    search_help_text = _("Company or last four digits")
    list_filter = (("funding", ChoicesRadioFilter),)
    list_select_related = ("customer",)
    page_related = ("customer",)
    ordering = ("-saved_at", "-id")
    csv_columns = (
        (_("card"), str),
        (_("customer number"), "customer__code"),
        (_("company name"), "customer__name"),
        (_("kind"), "get_funding_display"),
        (_("saved"), "saved_at"),
        (_("removed"), "removed_at"),
    )

    @display(description=_("card"))
    def name(self, card: Card) -> str:
        return str(card)

    @display(description=_("company name"), ordering="customer__name")
    def company(self, card: Any) -> Any:
        return cells.link(card.customer)

    @display(description=_("kind"), ordering="funding")
    def funding_label(self, card: Any) -> str:
        return str(card.get_funding_display())

    @display(description=_("valid until"))
    def expiry(self, card: Card) -> str:
        return card_expiry(card)

    @display(description=_("saved"), ordering="saved_at")
    def saved(self, card: Card) -> str:
        return cells.moments(card.saved_at)

    @display(description=_("state"))
    def standing(self, card: Card) -> Any:
        return cells.label(_("Removed")) if card.removed_at else cells.label(_("In use"), "success")


@admin.register(CardPayment)
class CardPaymentAdmin(OperatorAdmin):
    list_display = ("asked", "order_number", "company", "sum", "state_label", "decline_code", "back")
    list_display_links = ("asked", "order_number")
    search_fields = ("^order_number", "customer", "^gateway_id")
    search_help_text = _("Order, company or the provider's number")
    list_filter = (
        ("state", ChoicesRadioFilter),
        ("intended_at", RangeDateFilter),
        ("amount", RangeNumericFilter),
    )
    list_select_related = ("customer",)
    page_related = ("customer", "card")
    ordering = ("-intended_at", "-id")
    csv_columns = (
        (_("asked"), "intended_at"),
        (_("order number"), "order_number"),
        (_("customer number"), "customer__code"),
        (_("company name"), "customer__name"),
        (_("amount (yen)"), "amount"),
        (_("refunded (yen)"), "refunded"),
        (_("state"), "get_state_display"),
        (_("decline code"), "decline_code"),
        (_("provider's number"), "gateway_id"),
    )

    @display(description=_("asked"), ordering="intended_at")
    def asked(self, payment: CardPayment) -> str:
        return cells.moments(payment.intended_at)

    @display(description=_("company name"), ordering="customer__name")
    def company(self, payment: Any) -> Any:
        return cells.link(payment.customer)

    @display(description=_("amount (yen)"), ordering="amount")
    def sum(self, payment: CardPayment) -> Any:
        return cells.yen(payment.amount)

    @display(description=_("state"), ordering="state")
    def state_label(self, payment: CardPayment) -> Any:
        return payment_state(payment)

    @display(description=_("refunded (yen)"))
    def back(self, payment: CardPayment) -> Any:
        return cells.yen(payment.refunded or None)


@admin.register(CardRefund)
class CardRefundAdmin(OperatorAdmin):
    list_display = ("asked", "order", "company", "sum", "state_label", "error")
    search_fields = ("^payment__order_number", "payment__customer", "^gateway_id")
    search_help_text = _("Order, company or the provider's number")
    list_filter = (("state", ChoicesRadioFilter), ("intended_at", RangeDateFilter))
    list_select_related = ("payment", "payment__customer")
    page_related = ("payment", "payment__customer")
    ordering = ("-intended_at", "-id")
    csv_columns = (
        (_("asked"), "intended_at"),
        (_("order number"), "payment__order_number"),
        (_("customer number"), "payment__customer__code"),
        (_("company name"), "payment__customer__name"),
        (_("amount (yen)"), "amount"),
        (_("state"), "get_state_display"),
        (_("error"), "error"),
        (_("provider's number"), "gateway_id"),
    )

    @display(description=_("asked"), ordering="intended_at")
    def asked(self, refund: CardRefund) -> str:
        return cells.moments(refund.intended_at)

    @display(description=_("order number"))
    def order(self, refund: Any) -> str:
        return str(refund.payment.order_number)

    @display(description=_("company name"))
    def company(self, refund: Any) -> Any:
        return cells.link(refund.payment.customer)

    @display(description=_("amount (yen)"), ordering="amount")
    def sum(self, refund: CardRefund) -> Any:
        return cells.yen(refund.amount)

    @display(description=_("state"), ordering="state")
    def state_label(self, refund: CardRefund) -> Any:
        return refund_state(refund)


@admin.register(CardSettlement)
class CardSettlementAdmin(OperatorAdmin):
    list_display = ("day", "reference", "sum", "kept")
    search_fields = ("reference",)
    ordering = ("-paid_on", "-id")
    csv_columns = (
        (_("paid on"), "paid_on"),
        (_("reference"), "reference"),
        (_("amount (yen)"), "amount"),
        (_("fees (yen)"), "fees"),
    )

    @display(description=_("paid on"), ordering="paid_on")
    def day(self, settlement: CardSettlement) -> str:
        return cells.days(settlement.paid_on)

    @display(description=_("amount (yen)"), ordering="amount")
    def sum(self, settlement: CardSettlement) -> Any:
        return cells.yen(settlement.amount)

    @display(description=_("fees (yen)"))
    def kept(self, settlement: CardSettlement) -> Any:
        return cells.yen(settlement.fees)


@admin.register(GatewayEvent)
class GatewayEventAdmin(OperatorAdmin):
    list_display = ("received", "kind", "event_id", "standing")
    search_fields = ("event_id", "kind")
    list_filter = (("received_at", RangeDateFilter),)
    ordering = ("-received_at", "-id")
    csv_columns = (
        (_("received"), "received_at"),
        (_("kind"), "kind"),
        (_("event"), "event_id"),
        (_("handled"), "handled_at"),
        (_("error"), "error"),
    )

    @display(description=_("received"), ordering="received_at")
    def received(self, event: GatewayEvent) -> str:
        return cells.moments(event.received_at)

    @display(description=_("state"))
    def standing(self, event: GatewayEvent) -> Any:
        if event.handled_at:
            return cells.label(_("Done"), "success")
        return cells.label(_("Waiting"), "danger" if event.error else "warning")


def payment_state(payment: Any) -> Any:
    return cells.label(payment.get_state_display(), _PAYMENT_TONES.get(payment.state, ""))


def refund_state(refund: Any) -> Any:
    return cells.label(refund.get_state_display(), _REFUND_TONES.get(refund.state, ""))

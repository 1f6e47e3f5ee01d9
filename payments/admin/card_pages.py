"""What stands on the pages about cards, and what operators do there."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from billing_project import clock
from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, list_act, list_of, page_of, row_act
from billing_project.backoffice.forms import DayField, OperatorForm, YenField
from billing_project.backoffice.pages import Column, Fact, Facts, Prose, Section, Table, section
from payments.admin.cards import payment_state, refund_state
from payments.models import (
    Card,
    CardDispute,
    CardDisputeState,
    CardPayment,
    CardRefund,
    CardRefundState,
    CardSettlement,
    GatewayEvent,
)
from payments.selectors.cards import cards_of
from payments.services.cards import intend_refund, record_card_settlement, refundable
from payments.templatetags.cards import card_expiry

SHOWN = 10
_DISPUTE_TONES = {
    CardDisputeState.TAKEN: "danger",
    CardDisputeState.WON: "success",
    CardDisputeState.LOST: "danger",
}


class SettlementForm(OperatorForm):
    amount = YenField(label=_("paid to the bank account (yen)"))
    fees = YenField(label=_("fees kept (yen)"))
    on = DayField(label=_("paid on"))
    reference = forms.CharField(
        label=_("reference"),
        max_length=120,
        help_text=_("The card company's number of the settlement. The same number is booked once."),
    )


class RefundForm(OperatorForm):
    amount = YenField(label=_("amount (yen)"))
    reason = forms.CharField(label=_("reason"), max_length=200)


@section(Card, order=10)
def card_facts(_request: Any, card: Any) -> Section:
    return Facts(
        _("Card"),
        (
            Fact(_("card"), str(card)),
            Fact(_("kind"), card.get_funding_display()),
            Fact(_("valid until"), card_expiry(card)),
            Fact(_("customer"), cells.link(card.customer)),
            Fact(_("saved"), cells.moments(card.saved_at)),
            Fact(_("removed"), cells.moments(card.removed_at)),
            Fact(_("provider's number"), cells.mono(card.gateway_id)),
        ),
    )


@section(CardPayment, order=10)
def payment_facts(_request: Any, payment: Any) -> Section:
    return Facts(
        _("Card payment"),
        (
            Fact(_("order number"), payment.order_number),
            Fact(_("customer"), cells.link(payment.customer)),
            Fact(_("card"), cells.link(payment.card)),
            Fact(_("amount (yen)"), cells.yen(payment.amount)),
            Fact(_("refunded (yen)"), cells.yen(payment.refunded)),
            Fact(_("purpose"), payment.get_purpose_display()),
            Fact(_("state"), payment_state(payment)),
            Fact(_("decline code"), payment.decline_code or "—"),
            Fact(_("provider's number"), cells.mono(payment.gateway_id or "—")),
            Fact(_("asked"), cells.moments(payment.intended_at)),
            Fact(_("settled"), cells.moments(payment.settled_at)),
        ),
    )


@section(CardPayment, order=20)
def payment_refunds(_request: Any, payment: CardPayment) -> Section:
    refunds = CardRefund.objects.filter(payment=payment).order_by("id")
    return Table(
        _("Given back to the card"),
        [Column(_("asked")), Column(_("Amount"), numeric=True), Column(_("State")), Column(_("reason"))],
        [
            (
                cells.link(each, cells.moments(each.intended_at)),
                cells.yen(each.amount),
                refund_state(each),
                each.error or each.reason,
            )
            for each in refunds
        ],
        empty=_("Nothing was given back."),
    )


@section(CardPayment, order=30)
def payment_disputes(_request: Any, payment: CardPayment) -> Section | None:
    disputes = CardDispute.objects.filter(payment=payment).order_by("id")
    if not disputes:
        return None
    return Table(
        _("Disputes"),
        [
            Column(_("known since")),
            Column(_("Amount"), numeric=True),
            Column(_("State")),
            Column(_("decided")),
        ],
        [
            (
                cells.moments(each.opened_at),
                cells.yen(each.amount),
                cells.label(each.get_state_display(), _DISPUTE_TONES[each.state]),
                cells.moments(each.ended_at),
            )
            for each in disputes
        ],
        empty=_("None"),
    )


@section(CardRefund, order=5)
def refund_failed(_request: Any, refund: CardRefund) -> Section | None:
    if refund.state != CardRefundState.FAILED:
        return None
    text = _(
        "The money did not reach the card. It is the customer's free deposit again: refund it once more from"
        " the card payment, or ask the customer to have its deposit paid out."
    )
    return Prose(_("This refund failed"), text, "danger")


@section(CardRefund, order=10)
def refund_facts(_request: Any, refund: Any) -> Section:
    return Facts(
        _("Card refund"),
        (
            Fact(_("Card payment"), cells.link(refund.payment)),
            Fact(_("customer"), cells.link(refund.payment.customer)),
            Fact(_("amount (yen)"), cells.yen(refund.amount)),
            Fact(_("reason"), refund.reason or "—"),
            Fact(_("state"), refund_state(refund)),
            Fact(_("error"), refund.error or "—"),
            Fact(_("provider's number"), cells.mono(refund.gateway_id or "—")),
            Fact(_("asked"), cells.moments(refund.intended_at)),
            Fact(_("settled"), cells.moments(refund.settled_at)),
        ),
    )


@section(CardSettlement, order=10)
def settlement_facts(_request: Any, settlement: CardSettlement) -> Section:
    return Facts(
        _("Settlement"),
        (
            Fact(_("reference"), settlement.reference),
            Fact(_("paid on"), cells.days(settlement.paid_on)),
            Fact(_("amount (yen)"), cells.yen(settlement.amount)),
            Fact(_("fees (yen)"), cells.yen(settlement.fees)),
            Fact(_("recorded"), cells.moments(settlement.recorded_at)),
        ),
    )


@section(GatewayEvent, order=10)
def event_facts(_request: Any, event: GatewayEvent) -> Section:
    return Facts(
        _("Provider's event"),
        (
            Fact(_("kind"), event.kind),
            Fact(_("event"), cells.mono(event.event_id)),
            Fact(_("received"), cells.moments(event.received_at)),
            Fact(_("done"), cells.moments(event.handled_at)),
            Fact(_("error"), event.error or "—"),
            Fact(_("failed attempts"), event.tries),
            Fact(_("next attempt"), cells.moments(None if event.handled_at else event.try_at)),
        ),
    )


@section(GatewayEvent, order=20)
def event_content(_request: Any, event: GatewayEvent) -> Section:
    return Prose(_("Content"), json.dumps(event.payload, ensure_ascii=False, indent=2))


@section(Customer, order=57)
def customer_cards(_request: Any, customer: Customer) -> Section:
    return Table(
        _("Cards"),
        [Column(_("card")), Column(_("kind")), Column(_("valid until"))],
        [
            (cells.link(card), card.get_funding_display(), card_expiry(card))
            for card in cards_of(customer)[:SHOWN]
        ],
        empty=_("None"),
        more=list_of(CardPayment, f"q={customer.code}"),
    )


@list_act(CardSettlement, "record", _("Record settlement"), "add", tone="primary")
def record_settlement(request: Any) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> tuple[Any, str]:
        settlement = record_card_settlement(**cleaned)
        return _("The settlement was booked."), page_of(settlement)

    form = SettlementForm(request.POST or None, initial={"on": clock.today()})
    lead = _("What the card company paid to the bank account, and the fees that it kept.")
    question = Question(
        _("Record settlement"), form, act, list_of(CardSettlement), lead, button=_("Book"), previewed=True
    )
    return ask(request, question, opts=CardSettlement._meta)


@row_act(CardPayment, "refund", _("Refund from deposit"), "undo")
def refund(request: Any, payment: CardPayment) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> Any:
        intend_refund(card_payment=payment, **cleaned)
        return _("The refund is under way.")

    form = RefundForm(request.POST or None, initial={"amount": refundable(payment)})
    lead = _("The sum is taken from the customer's free deposit and goes back to this card.")
    question = Question(
        _("Refund from deposit"), form, act, page_of(payment), lead, button=_("Refund"), previewed=True
    )
    return ask(request, question, original=payment, opts=payment._meta)

"""What operators do with orders: deliver them, and place them for a customer."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from accounts.policy.choices import PaymentMethod
from accounts.selectors import policy_on
from billing_project import clock
from billing_project.backoffice.acts import Asked, Question, page_of, row_act
from billing_project.backoffice.bulk import bulk_act
from billing_project.backoffice.forms import DayField, OperatorForm
from billing_project.errors import Code
from billing_project.tenancy.context import tenant_context
from orders.models import LineState, Order, OrderSource, OrderState, Product
from orders.rules import MAX_COMMENT, MAX_QUANTITY, MAX_REFERENCE, OrderedLine
from orders.selectors import catalogue, lines_of
from orders.services import deliver, place_order
from orders.services.pending import waiting_delivery
from payments.models import Card
from payments.selectors.cards import cards_of

WHOLE = ""
MAX_REASON = 300
OPEN_STATES = (OrderState.OPEN, OrderState.PARTLY_DELIVERED)


class DeliveryForm(OperatorForm):
    line = forms.ChoiceField(label=_("What was delivered"), required=False)
    on = DayField(
        label=_("Day of delivery"),
        help_text=_("The day on which it really was delivered: up to 31 days back, not before the order."),
    )
    reason = forms.CharField(
        label=_("Reason for delivering it unpaid"),
        max_length=MAX_REASON,
        required=False,
        help_text=_("Only for an order paid in advance whose money has not arrived; the rest is then owed."),
    )

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = [line for line in lines_of(order) if line.state == LineState.OPEN]
        choices = [(str(line.position), f"{line.position}. {line.description}") for line in lines]
        whole = (WHOLE, _("All lines that are open (%(count)s)") % {"count": len(lines)})
        self.fields["line"].choices = [whole, *choices]  # type: ignore[attr-defined]
        if order.payment_method != PaymentMethod.ADVANCE_TRANSFER:
            del self.fields["reason"]


class OrderForCustomerForm(OperatorForm):
    """A quantity for each product of the catalogue."""

    payment_method = forms.ChoiceField(label=_("payment method"))
    card = forms.ChoiceField(
        label=_("card"), required=False, help_text=_("One that the customer has saved, when it pays by card.")
    )
    purchase_order_number = forms.CharField(
        label=_("purchase order number"), max_length=MAX_REFERENCE, required=False
    )
    comment = forms.CharField(
        label=_("comment"), max_length=MAX_COMMENT, required=False, widget=forms.Textarea({"rows": 2})
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, customer: Customer) -> None:
        initial = {"submission": uuid.uuid4(), "payment_method": customer.payment_method}
        super().__init__(data, initial=initial)
        methods = policy_on(clock.today()).payment_methods
        choices = [(method, PaymentMethod(method).label) for method in methods]
        self.fields["payment_method"].choices = choices  # type: ignore[attr-defined]
        self.cards = list(cards_of(customer))
        cards = [(str(card.public_id), f"{card} ({card.get_funding_display()})") for card in self.cards]
        self.fields["card"].choices = [("", "—"), *cards]  # type: ignore[attr-defined]
        self.products = list(catalogue())
        for product in self.products:
            self.fields[_name(product)] = forms.IntegerField(
                label=f"{product.sku} {product.name}", required=False, min_value=0, max_value=MAX_QUANTITY
            )
        self.restyle()

    def chosen_card(self) -> Card | None:
        chosen = (
            self.cleaned_data["card"] if self.cleaned_data["payment_method"] == PaymentMethod.CARD else ""
        )
        return next((card for card in self.cards if str(card.public_id) == chosen), None)

    def lines(self) -> list[OrderedLine]:
        quantities = [(product.sku, self.cleaned_data[_name(product)]) for product in self.products]
        return [OrderedLine(sku, quantity) for sku, quantity in quantities if quantity]


def _name(product: Product) -> str:
    return f"quantity_{product.pk}"


@row_act(
    Order,
    "deliver",
    _("Deliver"),
    "local_shipping",
    offered=lambda order: order.state in OPEN_STATES,
    tone="primary",
    outside=True,
)
def deliver_page(request: Any, order: Order) -> Asked:
    initial = {"on": clock.today(), "line": request.GET.get("line", WHOLE)}
    form = DeliveryForm(request.POST or None, order=order, initial=initial)

    def act(cleaned: dict[str, Any]) -> Any:
        position = int(cleaned["line"]) if cleaned["line"] else None
        on = None if cleaned["on"] == clock.today() else cleaned["on"]
        after = deliver(order=order, line_position=position, on=on, reason=cleaned.get("reason", ""))
        with tenant_context(order.tenant_id):
            waits = waiting_delivery(after) is not None
        return _WAITS if waits else _("The delivery was recorded and is charged.")

    lead = _("Each line delivered is charged, dated by the day of delivery.")
    title = _("Deliver %(number)s") % {"number": order.number}
    question = Question(title, form, act, page_of(order), lead, button=_("Record delivery"))
    return question, {"original": order, "opts": order._meta}


@bulk_act(
    Order,
    "deliver-found",
    _("Deliver all"),
    "local_shipping",
    lead=_("All open lines of each order are delivered today and charged. Cards are charged one by one."),
    rows=lambda found: found.filter(state__in=OPEN_STATES),
    outside=True,
    done_before=(Code.ALREADY_DELIVERED,),
)
def deliver_found(order: Order, _choice: dict[str, Any]) -> None:
    deliver(order=order)


_WAITS = _("The card has not been charged yet. The lines are delivered as soon as it is.")


@row_act(
    Customer,
    "order",
    _("Place order"),
    "add_shopping_cart",
    offered=lambda customer: customer.is_active,
    outside=True,
)
def order_for_customer(request: Any, customer: Customer) -> Asked:
    form = OrderForCustomerForm(request.POST or None, customer=customer)

    def act(cleaned: dict[str, Any]) -> tuple[Any, str]:
        order = place_order(
            customer=customer,
            member=None,
            lines=form.lines(),
            payment_method=cleaned["payment_method"],
            card=form.chosen_card(),
            submission=cleaned["submission"],
            purchase_order_number=cleaned["purchase_order_number"],
            comment=cleaned["comment"],
            source=OrderSource.OPERATOR,
        )
        return _("The order was placed."), page_of(order)

    lead = _("An order on the customer's behalf, at today's prices, addressed to its accounting contact.")
    question = Question(_("Place order"), form, act, page_of(customer), lead)
    return question, {"original": customer, "opts": customer._meta}

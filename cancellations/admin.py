"""Cancelling, as operators do it, on the page of an order."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, page_of, row_act
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.pages import Column, Section, Table, section
from cancellations.selectors import can_cancel, cancel_options, cancellations_of
from cancellations.services import MAX_REASON, cancel
from orders.models import Order

WHOLE = ""


class CancelForm(OperatorForm):
    line = forms.ChoiceField(label=_("What is cancelled"), required=False)
    reason = forms.CharField(label=_("reason"), max_length=MAX_REASON, required=False)

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = [option.line for option in cancel_options(order) if option.possible]
        choices = [(str(line.position), f"{line.position}. {line.description}") for line in lines]
        self.fields["line"].choices = [(WHOLE, _("The whole order")), *choices]  # type: ignore[attr-defined]


@row_act(Order, "cancel", _("Cancel"), "cancel", offered=can_cancel, tone="danger")
def cancel_page(request: Any, order: Order) -> HttpResponse:
    form = CancelForm(request.POST or None, order=order)

    def act(cleaned: dict[str, Any]) -> Any:
        position = int(cleaned["line"]) if cleaned["line"] else None
        cancel(order=order, line_position=position, reason=cleaned["reason"])
        return _("It was cancelled.")

    lead = _(
        "What was billed gets a return invoice at once; what was not billed stays off every document."
        " Money that was paid goes back to the card, or becomes free deposit."
    )
    title = _("Cancel %(number)s") % {"number": order.number}
    question = Question(
        title, form, act, page_of(order), lead, button=_("Cancel the order"), tone="danger", previewed=True
    )
    return ask(request, question, original=order, opts=order._meta)


@section(Order, order=50)
def order_cancellations(_request: Any, order: Order) -> Section | None:
    found: Any = cancellations_of(order)
    if not found:
        return None
    rows = [(each.line.description, cells.moments(each.cancelled_at), each.reason or "—") for each in found]
    return Table(_("Cancelled"), [Column(_("Line")), Column(_("cancelled")), Column(_("reason"))], rows)

"""The print queue: what was asked for on paper, and the pile of a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import display

from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, list_act, list_of, page_of, row_act, show_refusal
from billing_project.backoffice.bulk import bulk_act
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Fact, Facts, Section, section
from billing_project.errors import Refusal
from invoices.models import Document, DocumentKind, PaperRequest
from invoices.services.paper import QueueDay, ask_for_paper, print_day, queue_days


class PileForm(OperatorForm):
    day = forms.ChoiceField(label=_("day"))
    again = forms.BooleanField(label=_("Print again"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["day"].choices = [(each.day.isoformat(), _words(each)) for each in queue_days()]  # type: ignore[attr-defined]


def _words(each: QueueDay) -> str:
    count = ngettext("%(count)s document", "%(count)s documents", each.documents) % {"count": each.documents}
    if each.waiting:
        state = _("%(count)s not printed yet") % {"count": each.waiting}
    else:
        state = _("printed %(moment)s") % {"moment": f"{localtime(each.printed_at):%Y-%m-%d %H:%M}"}
    return f"{each.day}: {count} ({state})"


@admin.register(PaperRequest)
class PaperRequestAdmin(OperatorAdmin):
    list_display = ("day", "number", "company", "asked", "asked_by", "state_label")
    list_display_links = ("day",)
    search_fields = ("^document__number", "document__customer")
    list_filter = (("asked_on", RangeDateFilter),)
    list_select_related = ("document__customer",)
    page_related = ("document__customer",)
    ordering = ("-asked_on", "-id")
    csv_columns = (
        (_("day"), "asked_on"),
        (_("number"), "document__number"),
        (_("company name"), "document__customer__name"),
        (_("asked by"), "asked_by"),
        (_("printed"), "printed_at"),
    )

    @display(description=_("day"), ordering="asked_on")
    def day(self, request: PaperRequest) -> str:
        return cells.days(request.asked_on)

    @display(description=_("number"))
    def number(self, request: Any) -> Any:
        return cells.link(request.document)

    @display(description=_("company name"))
    def company(self, request: Any) -> Any:
        return cells.link(request.document.customer)

    @display(description=_("asked"), ordering="asked_at")
    def asked(self, request: PaperRequest) -> str:
        return cells.moments(request.asked_at)

    @display(description=_("state"), ordering="printed_at")
    def state_label(self, request: PaperRequest) -> Any:
        return _state(request)


def _state(request: PaperRequest) -> Any:
    return cells.label(_("Printed"), "success") if request.printed_at else cells.label(_("Waits"), "warning")


@section(PaperRequest, order=10)
def request_facts(_request: Any, asked: Any) -> Section:
    return Facts(
        _("Document on paper"),
        (
            Fact(_("Document"), cells.link(asked.document)),
            Fact(_("customer"), cells.link(asked.document.customer)),
            Fact(_("asked"), cells.moments(asked.asked_at)),
            Fact(_("asked by"), asked.asked_by),
            Fact(_("state"), _state(asked)),
            Fact(_("printed"), cells.moments(asked.printed_at)),
        ),
    )


@list_act(PaperRequest, "print", _("Print a day"), "print", tone="primary")
def print_pile(request: Any) -> HttpResponse:
    """The pile as a file; whoever fetches it prints it, so the documents count as printed."""
    form = PileForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _pile(date.fromisoformat(form.cleaned_data["day"]), again=form.cleaned_data["again"])
        except Refusal as refusal:
            show_refusal(form, refusal)
    lead = _("All documents of the day come as one PDF with a list in front, and count as printed.")
    question = Question(
        _("Print a day"), form, lambda _cleaned: "", list_of(PaperRequest), lead, button=_("Print")
    )
    return ask(request, question, opts=PaperRequest._meta)


def _pile(day: date, *, again: bool) -> HttpResponse:
    response = HttpResponse(print_day(day=day, again=again), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"{day}.pdf") or ""
    response["Cache-Control"] = "private, no-store"
    return response


def _can_be_printed(document: Document) -> bool:
    return document.kind != DocumentKind.RETURN_INVOICE


@row_act(Document, "paper", _("Queue for printing"), "print", offered=_can_be_printed)
def paper(request: Any, document: Document) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> Any:
        ask_for_paper(document=document)
        return _("The document is in the print queue.")

    lead = _("It is printed with the other documents of the day.")
    question = Question(_("Queue for printing"), OperatorForm(request.POST), act, page_of(document), lead)
    return ask(request, question, original=document, opts=document._meta)


@bulk_act(
    Document,
    "paper-found",
    _("Queue all for printing"),
    "print",
    lead=_("Each document is put into today's print queue. One that already waits there stays once."),
)
def paper_found(document: Document, _choice: dict[str, Any]) -> None:
    ask_for_paper(document=document)

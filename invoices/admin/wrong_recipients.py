"""Reports of readers that a document was not for them: what waits, and that it was seen to."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, page_of, row_act
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Fact, Facts, Section, section
from invoices.models import WrongRecipient
from invoices.services.link_reports import see_to_report


@admin.register(WrongRecipient)
class WrongRecipientAdmin(OperatorAdmin):
    list_display = ("when", "number", "company", "address", "note", "state_label")
    list_display_links = ("when",)
    search_fields = ("^document__number", "document__customer", "link__email")
    list_select_related = ("document__customer", "link")
    page_related = ("document__customer", "link")
    ordering = ("-reported_at", "-id")
    csv_columns = (
        (_("reported"), "reported_at"),
        (_("number"), "document__number"),
        (_("company name"), "document__customer__name"),
        (_("mailed to"), "link__email"),
        (_("what they say"), "note"),
        (_("seen to"), "handled_at"),
    )

    @display(description=_("reported"), ordering="reported_at")
    def when(self, report: WrongRecipient) -> str:
        return cells.moments(report.reported_at)

    @display(description=_("number"))
    def number(self, report: Any) -> Any:
        return cells.link(report.document)

    @display(description=_("company name"))
    def company(self, report: Any) -> Any:
        return cells.link(report.document.customer)

    @display(description=_("mailed to"))
    def address(self, report: Any) -> str:
        return str(report.link.email)

    @display(description=_("state"), ordering="handled_at")
    def state_label(self, report: WrongRecipient) -> Any:
        return _state(report)


def _state(report: WrongRecipient) -> Any:
    if report.handled_at:
        return cells.label(_("Seen to"), "success")
    return cells.label(_("Not seen to yet"), "warning")


@section(WrongRecipient, order=10)
def report_facts(_request: Any, report: Any) -> Section:
    return Facts(
        _("Wrong recipient"),
        (
            Fact(_("Document"), cells.link(report.document)),
            Fact(_("customer"), cells.link(report.document.customer)),
            Fact(_("mailed to"), report.link.email),
            Fact(_("what they say"), report.note),
            Fact(_("reported"), cells.moments(report.reported_at)),
            Fact(_("state"), _state(report)),
            Fact(_("seen to"), cells.moments(report.handled_at)),
            Fact(_("seen to by"), report.handled_by),
        ),
    )


def _waits(report: WrongRecipient) -> bool:
    return report.handled_at is None


@row_act(WrongRecipient, "seen-to", _("Seen to"), "check", offered=_waits)
def seen_to(request: Any, report: WrongRecipient) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> Any:
        see_to_report(report=report)
        return _("The report has been seen to.")

    lead = _(
        "Correct the accounting contact at the customer first, withdraw the link if it must not be opened "
        "any more, and mail the document again."
    )
    question = Question(_("Seen to"), OperatorForm(request.POST), act, page_of(report), lead)
    return ask(request, question, original=report, opts=WrongRecipient._meta)

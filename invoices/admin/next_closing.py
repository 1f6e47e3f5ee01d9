"""What the next closing would issue, and the button that has it done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Issuer
from billing_project import clock
from billing_project.backoffice.acts import Question, act_url, ask, list_act, list_of, may_act, page_of
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.pages import Prose, Section
from billing_project.calendar import Month
from billing_project.errors import Refusal, Text
from billing_project.jobs.models import Job, JobState
from invoices.admin.closings import documents_table, figure_sections
from invoices.admin.left_out import left_out_table
from invoices.models import Charge, Closing, ClosingState
from invoices.selectors import closing_day_of
from invoices.services.closing import plan_on
from invoices.services.month_runs import ask_for_month
from invoices.services.previews import ClosingPreview, preview_closing, preview_of_customer
from invoices.views.previews import preview_response

SHOWN = 300


class MonthField(forms.CharField):
    widget = forms.TextInput({"type": "month"})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return Month.parse(text) if text else None
        except Refusal as refusal:
            raise forms.ValidationError(refusal.message) from refusal


class MonthForm(OperatorForm):
    month = MonthField(label=_("Month"))


class CloseForm(OperatorForm):
    month = MonthField(widget=forms.HiddenInput)


def _anyone(_request: Any) -> bool:
    return True


def next_month() -> Month:
    """The first month whose documents are not all issued; of a new tenant the month of its first charge."""
    last: Closing | None = Closing.objects.order_by("-closes_on").first()
    if last is not None:
        return Month.of(last.closes_on).plus(0 if last.state == ClosingState.CLOSED else 1)
    first: Charge | None = Charge.objects.order_by("billable_from").first()
    return Month.of(first.billable_from if first else clock.today())


@list_act(Closing, "next", _("Next closing"), "event_available", allowed=_anyone, tone="primary")
def next_closing(request: Any) -> HttpResponse:
    if request.method == "POST" and not may_act(request):
        raise PermissionDenied
    chosen = MonthForm(request.GET if "month" in request.GET else None, initial={"month": str(next_month())})
    month = chosen.cleaned_data["month"] if chosen.is_bound and chosen.is_valid() else next_month()
    if "customer" in request.GET:
        return _documents_of(request.GET["customer"], month)

    def act(cleaned: dict[str, Any]) -> tuple[Any, str]:
        run = ask_for_month(month=cleaned["month"])
        return _("The closing is under way."), page_of(run)

    sections, ready = _preview(month)
    title = _("Closing of %(month)s") % {"month": month}
    form = CloseForm(request.POST or None, initial={"month": str(month)})
    question = Question(
        title,
        form,
        act,
        list_of(Closing),
        button=_("Close and issue %(month)s") % {"month": month},
        template="admin/next_closing.html",
    )
    allowed = ready and may_act(request)
    return ask(request, question, sections=sections, chosen=chosen, ready=allowed, opts=Closing._meta)


def _address(month: Month) -> str:
    return f"{act_url(Closing, 'next')}?month={month}"


def _documents_of(public_id: str, month: Month) -> HttpResponse:
    """What this customer would get, as a PDF that is marked as a preview."""
    try:
        customer: Customer | None = Customer.objects.filter(public_id=UUID(public_id)).first()
        closes_on = closing_day_of(month)
    except ValueError as error:
        raise Http404 from error
    if customer is None or closes_on is None:
        raise Http404
    contents = preview_of_customer(closes_on=closes_on, customer=customer)
    if not contents:
        raise Http404
    return preview_response(contents)


def _preview(month: Month) -> tuple[list[Section], bool]:
    """What the page shows of the month, and whether it can be closed now."""
    try:
        closes_on = closing_day_of(month)
        if closes_on is None:
            return [Prose("", _("Bills follow the terms of contracts: there is no closing."), "info")], False
        over = clock.today() >= plan_on(closes_on).run_on
        preview = preview_closing(closes_on=closes_on, shown=SHOWN)
    except Refusal as refusal:
        return [Prose("", refusal.message, "danger")], False
    issued = Closing.objects.filter(closes_on=closes_on, state=ClosingState.ISSUED).exists()
    return [*_warnings(preview, over=over, issued=issued), *_figures(preview, month)], over and not issued


def _figures(preview: ClosingPreview, month: Month) -> list[Section]:
    note: Text = _("The numbers are those that would be given now; behind them is how each would look.")
    if preview.figures.documents > len(preview.documents):
        note = _("The first %(count)s are shown.") % {"count": len(preview.documents)}
    table = documents_table(
        _("Documents per customer"), preview.documents, note=note, preview=_address(month)
    )
    return [*figure_sections(preview.figures), table]


def _warnings(preview: ClosingPreview, *, over: bool, issued: bool) -> list[Section]:
    found: list[Section] = []
    if preview.left_out:
        found.append(left_out_table(preview.left_out))
    if issued:
        found.append(Prose("", _("This month is closed and its documents are issued."), "success"))
    elif not over:
        found.append(Prose("", _("The month is not over: the figures are those of today."), "info"))
    if not preview.figures.documents:
        found.append(Prose("", _("There is nothing to bill in this period."), "info"))
    issuer: Issuer = Issuer.objects.get()
    if issuer.charges_tax and not issuer.registration_number:
        text = _("The registration number is missing: documents would be no qualified invoices.")
        found.append(Prose("", text, "danger"))
    if Job.objects.filter(state=JobState.FAILED).exists():
        text = _("A job has failed. The closing runs it first and stops if it fails again.")
        found.append(Prose("", text, "warning"))
    if any(document.total < 0 for document in preview.documents):
        text = _("Some documents have a negative total: more was cancelled than delivered.")
        found.append(Prose("", text, "warning"))
    return found

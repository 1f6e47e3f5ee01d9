"""What the coming closing would issue, as it was last worked out; and the buttons that have it done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from billing_project import clock
from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, list_act, list_of, may_act, page_of
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.pages import Fact, Facts, Prose, Section
from billing_project.calendar import Month
from billing_project.errors import Refusal, Text
from billing_project.jobs.runs import RunState
from invoices.admin.previews import address_of, preview_under_way, result_sections
from invoices.models import Charge, Closing, ClosingState, PreviewRun
from invoices.selectors import closing_day_of
from invoices.services.closing import plan_on
from invoices.services.month_runs import ask_for_month, closing_of_month
from invoices.services.preview_runs import ask_for_preview, last_result_of, last_run_of
from invoices.services.previews import preview_of_customer
from invoices.views.previews import preview_response

WORK_OUT = "work_out"


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


@dataclass(frozen=True)
class _Outlook:
    """What the page shows of a month, and what can be done with it now."""

    sections: list[Section]
    can_work_out: bool = False
    can_close: bool = False
    result: PreviewRun | None = None

    @property
    def button(self) -> Text:
        return _("Work it out again") if self.result else _("Work it out")


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
    following = next_month()
    chosen = MonthForm(request.GET if "month" in request.GET else None, initial={"month": str(following)})
    month = chosen.cleaned_data["month"] if chosen.is_bound and chosen.is_valid() else following
    if "customer" in request.GET:
        return _documents_of(request.GET["customer"], month)
    outlook = _outlook(month)
    return ask(
        request,
        _question(request, month),
        sections=outlook.sections,
        chosen=chosen,
        month=month,
        work_out=may_act(request) and outlook.can_work_out and outlook.button,
        ready=may_act(request) and outlook.can_close,
        opts=Closing._meta,
    )


def _question(request: Any, month: Month) -> Question:
    """The page has two buttons: one has the preview worked out, the other closes."""

    def act(cleaned: dict[str, Any]) -> tuple[Any, str]:
        if WORK_OUT in request.POST:
            ask_for_preview(month=cleaned["month"])
            return _("It is being worked out."), address_of(cleaned["month"])
        run = ask_for_month(month=cleaned["month"])
        return _("The closing is under way."), page_of(run)

    return Question(
        _("Closing of %(month)s") % {"month": month},
        CloseForm(request.POST or None),
        act,
        list_of(Closing),
        button=_("Close and issue %(month)s") % {"month": month},
        template="admin/next_closing.html",
    )


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


def _outlook(month: Month) -> _Outlook:
    """Reads what is stored; nothing is worked out here."""
    try:
        closes_on = closing_day_of(month)
        run_on = plan_on(closes_on).run_on if closes_on else None
    except Refusal as refusal:
        return _Outlook([Prose("", refusal.message, "danger")])
    if run_on is None:
        return _Outlook([Prose("", _("Bills follow the terms of contracts: there is no closing."), "info")])
    closing: Closing | None = Closing.objects.filter(closes_on=closes_on).first()
    if closing is not None and closing.state == ClosingState.ISSUED:
        return _Outlook(_issued(closing))
    over = clock.today() >= run_on
    run = last_run_of(month)
    result = run if run is None or run.state == RunState.DONE else last_result_of(month)
    return _Outlook(list(_sections(run, result, closing, over=over)), True, over, result)


def _issued(closing: Closing) -> list[Section]:
    text = _("This month is closed and its documents are issued.")
    return [Prose("", text, "success"), Facts(_("Closing"), [Fact(_("closes on"), cells.link(closing))])]


def _sections(
    run: PreviewRun | None, result: PreviewRun | None, closing: Closing | None, *, over: bool
) -> Iterator[Section]:
    if not over:
        yield Prose("", _("The month is not over: more may be sold."), "info")
    if run is not None and run.state != RunState.DONE:
        yield preview_under_way(None, run)
    if result is not None:
        yield from result_sections(result, closing)
    elif run is None:
        yield _nothing_yet()


def _nothing_yet() -> Section:
    """And which other month was worked out last: it may have been closed since."""
    last: PreviewRun | None = PreviewRun.objects.filter(state=RunState.DONE).defer("result").last()
    text = _("What this closing would bill has not been worked out yet.")
    if last is None:
        return Prose("", text, "info")
    if closing_of_month(Month.parse(last.month)) is None:
        earlier: Text = _("The last result is of %(month)s.") % {"month": last.month}
    else:
        earlier = _("The last result is of %(month)s, which has been closed since.") % {"month": last.month}
    return Prose("", f"{text} {earlier}", "info")

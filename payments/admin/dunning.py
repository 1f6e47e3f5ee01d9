"""The dunning board: who is overdue since when with how much, the steps, and what is done about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import display

from accounts.models import Customer
from accounts.policy.choices import Step
from billing_project import clock
from billing_project.backoffice import asking, cells
from billing_project.backoffice.acts import Question, act_url, ask, list_of, may_act, page_of, row_act
from billing_project.backoffice.columns import add_fact
from billing_project.backoffice.dashboard import Figure, Waiting, dashboard
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Column, Fact, Facts, Section, Table, section
from invoices.models import Document, OpenItem
from payments.models import DunningCase, DunningHalt, DunningStepTaken, Recovery, WriteOff
from payments.rules.dunning import MAX_REASON, days_overdue
from payments.selectors.dunning import (
    Standing,
    open_amount,
    open_cases,
    open_halt,
    standing_with_dunning,
    standings_with_dunning,
)
from payments.services.dunning import halt_dunning, resume_dunning, write_off

_TONES = {
    Step.REMINDER: "",
    Step.NO_NEW_ORDERS: "warning",
    Step.LATER_PAYMENT_WITHDRAWN: "warning",
    Step.SUSPENDED: "danger",
    Step.REVOKED: "danger",
    Step.TERMINATED: "danger",
}


class ReasonForm(OperatorForm):
    reason = forms.CharField(label=_("reason"), max_length=MAX_REASON)


class CaseFilter(DropdownFilter):
    title = _("state")
    parameter_name = "cases"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("Overdue now")), ("closed", _("Cleared"))]

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        closed = {"open": True, "closed": False}.get(self.value() or "")
        return queryset if closed is None else queryset.filter(closed_at__isnull=closed)


class Board(ChangeList):
    """Knows how each customer of the page stands, with a few questions for all of them."""

    def get_results(self, request: Any) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        standings = standings_with_dunning({row.customer_id for row in rows}, clock.today())
        for row in rows:
            row.standing = standings[row.customer_id]
        self.result_list = rows


@admin.register(DunningCase)
class DunningCaseAdmin(OperatorAdmin):
    list_display = ("company", "since", "days", "sum", "documents", "steps", "coming", "state_label")
    list_display_links = ("since",)
    search_fields = ("customer__name", "customer__code")
    search_help_text = _("Company or customer number")
    list_filter = (CaseFilter,)
    list_select_related = ("customer",)
    page_related = ("customer",)
    ordering = ("-closed_at", "opened_on", "id")
    csv_columns = (
        (_("customer number"), "customer__code"),
        (_("company name"), "customer__name"),
        (_("overdue since"), "oldest_due"),
        (_("overdue (yen)"), "overdue"),
        (_("documents"), "overdue_count"),
        (_("closed"), "closed_at"),
    )

    def get_changelist(self, request: Any, **kwargs: Any) -> type[ChangeList]:
        return Board

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset(request).annotate(**_overdue_sums())
        return found

    def page_title(self, row: Any) -> str:
        return str(row.customer)

    @display(description=_("company name"), ordering="customer__name")
    def company(self, case: Any) -> Any:
        return cells.link(case.customer)

    @display(description=_("overdue since"), ordering="oldest_due")
    def since(self, case: Any) -> str:
        return cells.days(case.oldest_due or case.opened_on)

    @display(description=_("days overdue"))
    def days(self, case: Any) -> Any:
        oldest = case.standing.oldest
        return cells.number(days_overdue(oldest, clock.today()) if oldest else None)

    @display(description=_("overdue (yen)"), ordering="overdue")
    def sum(self, case: Any) -> Any:
        return cells.yen(case.overdue)

    @display(description=_("documents"), ordering="overdue_count")
    def documents(self, case: Any) -> Any:
        return cells.number(case.overdue_count)

    @display(description=_("steps in force"))
    def steps(self, case: Any) -> str:
        return "、".join(each.get_step_display() for each in case.standing.in_force) or "—"

    @display(description=_("next step"))
    def coming(self, case: Any) -> str:
        return _coming(case.standing)

    @display(description=_("state"))
    def state_label(self, case: DunningCase) -> Any:
        return cells.label(_("Cleared")) if case.closed_at else cells.label(_("Overdue"), "danger")


def _overdue_sums() -> dict[str, Subquery]:
    halted = DunningHalt.objects.filter(document=OuterRef("document"), resumed_on=None)
    items = OpenItem.objects.filter(
        ~Q(pk__in=OpenItem.objects.filter(document__in=halted.values("document")).values("pk")),
        customer=OuterRef("customer"),
        open_amount__gt=0,
        due_on__lt=clock.today(),
    )
    grouped = items.order_by().values("customer")
    return {
        "oldest_due": Subquery(grouped.annotate(of_all=Min("due_on")).values("of_all")),
        "overdue": Subquery(grouped.annotate(of_all=Sum("open_amount")).values("of_all")),
        "overdue_count": Subquery(grouped.annotate(of_all=Count("pk")).values("of_all")),
    }


def _coming(standing: Standing) -> str:
    if standing.next is None:
        return "—"
    return format_html("{} {}", standing.next.step.label, cells.days(standing.next.on))


@section(DunningCase, order=10)
def case_facts(_request: Any, case: Any) -> Section:
    return _standing_facts(case.customer)


@section(DunningCase, order=20)
def case_documents(request: Any, case: Any) -> Section:
    """What is open and due, halted or not, with what can be done about each."""
    today = clock.today()
    items = OpenItem.objects.filter(customer=case.customer, open_amount__gt=0, due_on__lt=today)
    columns = [
        Column(_("number")),
        Column(_("due")),
        Column(_("open (yen)"), numeric=True),
        Column(_("state")),
        Column(_("acts")),
    ]
    rows = [
        (
            cells.link(item.document),
            cells.days(item.due_on),
            cells.yen(item.open_amount),
            _halt_label(item.document),
            _acts(item.document) if may_act(request) else "",
        )
        for item in items.select_related("document").order_by("due_on", "id")
    ]
    return Table(_("Overdue documents"), columns, rows, empty=_("Nothing is overdue."))


@section(DunningCase, order=30)
def case_steps(_request: Any, case: DunningCase) -> Section:
    taken = DunningStepTaken.objects.filter(case=case).select_related("document").order_by("on", "pk")
    columns = [Column(_("step")), Column(_("day")), Column(_("counted from")), Column(_("lifted"))]
    rows = [
        (
            cells.label(each.get_step_display(), _TONES[Step(each.step)]),
            cells.days(each.on),
            cells.link(each.document),
            cells.moments(each.lifted_at),
        )
        for each in taken
    ]
    return Table(_("Steps taken"), columns, rows, empty=_("No step has been taken yet."))


add_fact(Customer, "was_dunned", lambda: Exists(DunningCase.objects.filter(customer=OuterRef("pk"))))


@section(Customer, order=45)
def customer_dunning(_request: Any, customer: Any) -> Section | None:
    return _standing_facts(customer) if customer.was_dunned else None


@section(Document, order=45)
def document_dunning(_request: Any, document: Document) -> Section | None:
    halts = list(DunningHalt.objects.filter(document=document).order_by("pk"))
    given_up = list(WriteOff.objects.filter(document=document).order_by("pk"))
    rows = [*map(_halt_row, halts), *map(_write_off_row, given_up)]
    columns = [Column(_("what")), Column(_("day")), Column(_("reason")), Column(_("amount"), numeric=True)]
    return Table(_("Dunning"), columns, rows) if rows else None


def _halt_row(halt: DunningHalt) -> tuple[Any, ...]:
    until = cells.days(halt.resumed_on) if halt.resumed_on else ""
    days = format_html("{} – {}", cells.days(halt.halted_on), until)
    return (_("Dunning halted"), days, halt.reason, "")


def _write_off_row(given_up: WriteOff) -> tuple[Any, ...]:
    recovered = sum(each.amount for each in Recovery.objects.filter(write_off=given_up))
    text = given_up.reason
    if recovered:
        text = _("%(reason)s (recovered: %(amount)s yen)") % {"reason": text, "amount": f"{recovered:,}"}
    return (_("Written off"), cells.days(given_up.written_off_on), text, cells.yen(given_up.amount))


def _standing_facts(customer: Customer) -> Section:
    standing = standing_with_dunning(customer, clock.today())
    oldest = standing.oldest
    return Facts(
        _("Dunning"),
        (
            Fact(_("customer"), cells.link(customer)),
            Fact(_("overdue since"), cells.days(oldest.due_on if oldest else None)),
            Fact(_("overdue (yen)"), cells.yen(standing.total)),
            Fact(
                _("steps in force"), "、".join(each.get_step_display() for each in standing.in_force) or "—"
            ),
            Fact(_("next step"), _coming(standing)),
        ),
    )


def _halt_label(document: Any) -> Any:
    halt = open_halt(document)
    return cells.label(_("Halted"), "info") if halt else cells.label(_("Overdue"), "danger")


def _acts(document: Document) -> Any:
    halted = open_halt(document) is not None
    name, label = ("resume-dunning", _("Resume")) if halted else ("halt-dunning", _("Halt"))
    return format_html(
        "{} {}",
        cells.to(act_url(document, name), label),
        cells.to(act_url(document, "write-off"), _("Write off")),
    )


add_fact(
    Document,
    "is_halted",
    lambda: Exists(DunningHalt.objects.filter(document=OuterRef("pk"), resumed_on=None)),
)


def _is_open(document: Any) -> bool:
    """Of a row of the document's page, which has its facts."""
    return bool(document.open_amount)


def _can_be_halted(document: Any) -> bool:
    return _is_open(document) and not document.is_halted


def _is_halted(document: Any) -> bool:
    return bool(document.is_halted)


@row_act(Document, "halt-dunning", _("Halt dunning"), "pause_circle", offered=_can_be_halted)
def halt(request: Any, document: Document) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> Any:
        halt_dunning(document=document, reason=cleaned["reason"])
        return _("The document is not asked for any more.")

    lead = _("A disputed document is not overdue while it is halted. Its days go on when it is resumed.")
    question = Question(
        _("Halt dunning"), ReasonForm(request.POST or None), act, page_of(document), lead, button=_("Halt")
    )
    return ask(request, question, original=document, opts=document._meta)


@row_act(Document, "resume-dunning", _("Resume dunning"), "play_circle", offered=_is_halted)
def resume(request: Any, document: Document) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> Any:
        resume_dunning(document=document)
        return _("The document is asked for again.")

    halt = open_halt(document)
    lead = _("Halted since %(day)s: %(reason)s") % {
        "day": cells.days(halt.halted_on) if halt else "—",
        "reason": halt.reason if halt else "—",
    }
    question = Question(
        _("Resume dunning"), OperatorForm(request.POST), act, page_of(document), lead, button=_("Resume")
    )
    return ask(request, question, original=document, opts=document._meta)


@row_act(Document, "write-off", _("Write off"), "money_off", tone="danger", offered=_is_open)
def give_up(request: Any, document: Document) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> Any:
        write_off(document=document, reason=cleaned["reason"])
        return _("The open sum was written off.")

    lead = _("%(amount)s yen are booked as bad debt. Money that comes after all reverses it.") % {
        "amount": f"{open_amount(document):,}"
    }
    question = Question(
        _("Write off"),
        ReasonForm(request.POST or None),
        act,
        page_of(document),
        lead,
        button=_("Write off"),
        tone="danger",
    )
    return ask(request, question, original=document, opts=document._meta)


@dashboard(Figure, order=65, asks=lambda: {"open_cases": asking.Count(open_cases())})
def overdue_figure(_request: Any, found: dict[str, Any]) -> Iterator[Figure]:
    count = found["open_cases"]
    yield Figure(
        _("Customers overdue"), count, "", list_of(DunningCase, "cases=open"), "danger" if count else ""
    )


@dashboard(
    Waiting, order=65, asks=lambda: {"halts": asking.Count(DunningHalt.objects.filter(resumed_on=None))}
)
def halted_waits(_request: Any, found: dict[str, Any]) -> Iterator[Waiting]:
    if count := found["halts"]:
        text = ngettext(
            "Dunning of %(count)s document is halted.", "Dunning of %(count)s documents is halted.", count
        )
        yield Waiting(text % {"count": count}, list_of(DunningCase), "info")

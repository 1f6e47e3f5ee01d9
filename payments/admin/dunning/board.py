"""The board of customers that have something overdue."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Exists, Min, OuterRef, QuerySet, Subquery, Sum
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.policy.choices import Step
from billing_project import clock
from billing_project.backoffice import cells
from billing_project.backoffice.acts import may_act
from billing_project.backoffice.filters import SelectFilter
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Column, Section, Table, section
from invoices.models import OpenItem
from payments.admin.dunning.facts import acts_of, coming, halt_label, standing_facts
from payments.models import DunningCase, DunningHalt, DunningStepTaken
from payments.rules.dunning import days_overdue
from payments.selectors.dunning import (
    standings_with_dunning,
)

_TONES = {
    Step.REMINDER: "",
    Step.NO_NEW_ORDERS: "warning",
    Step.LATER_PAYMENT_WITHDRAWN: "warning",
    Step.SUSPENDED: "danger",
    Step.REVOKED: "danger",
    Step.TERMINATED: "danger",
}


class CaseFilter(SelectFilter):
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
    search_fields = ("customer",)
    search_help_text = _("Company or customer number")
    list_filter = (CaseFilter,)
    list_select_related = ("customer",)
    list_per_page = 20
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
        return cells.joined(str(step.label) for step in case.standing.in_force) or "—"

    @display(description=_("next step"))
    def coming(self, case: Any) -> str:
        return coming(case.standing)

    @display(description=_("state"))
    def state_label(self, case: DunningCase) -> Any:
        return cells.label(_("Cleared")) if case.closed_at else cells.label(_("Overdue"), "danger")


def _overdue_sums() -> dict[str, Subquery]:
    halted = DunningHalt.objects.filter(document=OuterRef("document"), resumed_on=None)
    items = OpenItem.objects.filter(
        ~Exists(halted),
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


@section(DunningCase, order=10)
def case_facts(_request: Any, case: Any) -> Section:
    return standing_facts(case.customer)


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
    halted = DunningHalt.objects.filter(document=OuterRef("document"), resumed_on=None)
    rows = [
        (
            cells.link(item.document),
            cells.days(item.due_on),
            cells.yen(item.open_amount),
            halt_label(item.is_halted),
            acts_of(item.document, item.is_halted) if may_act(request) else "",
        )
        for item in items.annotate(is_halted=Exists(halted))
        .select_related("document")
        .order_by("due_on", "id")
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

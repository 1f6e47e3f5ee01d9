"""What the dashboard says about closings and receivables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from billing_project import clock
from billing_project.backoffice import cells
from billing_project.backoffice.acts import act_url, list_of, page_of
from billing_project.backoffice.dashboard import Chart, Figure, Waiting, dashboard
from billing_project.calendar import Month
from billing_project.jobs.runs import RunState
from invoices.models import Closing, ClosingState, Document, MonthRun, OpenItem

MONTHS = 12
_AGES = ((1, 30), (31, 60), (61, 90))


@dashboard(Figure, order=10)
def closing_figure(_request: Any) -> Iterator[Figure]:
    last: Closing | None = Closing.objects.order_by("-closes_on").first()
    if last is None:
        yield Figure(_("Last closing"), "—", _("Nothing closed yet"), act_url(Closing, "next"))
        return
    note = ngettext("%(count)s document", "%(count)s documents", last.document_count)
    if last.state == ClosingState.CLOSED:
        yield Figure(_("Closed, to be issued"), f"{last.closes_on}", f"{last.issue_on}", page_of(last))
    else:
        told = note % {"count": f"{last.document_count:,}"}
        yield Figure(_("Last closing"), f"{last.closes_on}", told, page_of(last))


@dashboard(Figure, order=20)
def owed_figures(_request: Any) -> Iterator[Figure]:
    today = clock.today()
    late = Q(due_on__lt=today)
    sums = OpenItem.objects.filter(open_amount__gt=0).aggregate(
        total=Sum("open_amount", default=0),
        count=Count("pk"),
        late=Sum("open_amount", filter=late, default=0),
        late_count=Count("pk", filter=late),
    )
    note = ngettext("%(count)s document", "%(count)s documents", sums["count"]) % {"count": sums["count"]}
    yield Figure(_("Owed"), cells.yen(sums["total"]), note, list_of(Document, "standing=open"))
    note = ngettext("%(count)s document", "%(count)s documents", sums["late_count"])
    yield Figure(
        _("Overdue"),
        cells.yen(sums["late"]),
        note % {"count": sums["late_count"]},
        list_of(Document, "standing=overdue"),
        "danger" if sums["late"] else "",
    )


@dashboard(Chart, order=10)
def billed_by_month(_request: Any) -> Iterator[Chart]:
    this = Month.of(clock.today())
    months = [this.plus(index - MONTHS + 1) for index in range(MONTHS)]
    rows = (
        Document.objects.filter(issued_on__gte=months[0].first_day)
        .annotate(month=TruncMonth("issued_on"))
        .order_by("month")
        .values_list("month")
        .annotate(Sum("total"))
    )
    sums = {Month.of(month): total for month, total in rows}
    labels = [str(month) for month in months]
    yield Chart(_("Billed by month"), _("Month"), labels, [sums.get(month, 0) for month in months])


@dashboard(Chart, order=20)
def receivables_by_age(_request: Any) -> Iterator[Chart]:
    today = clock.today()
    ages = {f"d{first}": _between(today, first, last) for first, last in _AGES}
    filters = {
        "not_due": Q(due_on__gte=today) | Q(due_on__isnull=True),
        **ages,
        "older": Q(due_on__lt=today - timedelta(days=90)),
    }
    sums = OpenItem.objects.filter(open_amount__gt=0).aggregate(
        **{name: Sum("open_amount", filter=which, default=0) for name, which in filters.items()}
    )
    late = [_("%(first)s–%(last)s days") % {"first": first, "last": last} for first, last in _AGES]
    labels = [str(_("Not due")), *map(str, late), str(_("More than 90 days"))]
    colour = "var(--color-primary-400)"
    yield Chart(_("Receivables by age"), _("Overdue for"), labels, [sums[name] for name in filters], colour)


def _between(today: date, first: int, last: int) -> Q:
    return Q(due_on__range=(today - timedelta(days=last), today - timedelta(days=first)))


@dashboard(Waiting, order=20)
def runs_wait(_request: Any) -> Iterator[Waiting]:
    last: MonthRun | None = MonthRun.objects.order_by("-asked_at").first()
    if last is None or last.state == RunState.DONE:
        return
    if last.under_way:
        text = _("The closing of %(month)s is under way.")
        yield Waiting(text % {"month": last.month}, page_of(last), "info")
    else:
        text = _("The closing of %(month)s did not succeed: %(message)s")
        yield Waiting(text % {"month": last.month, "message": last.message}, page_of(last), "danger")

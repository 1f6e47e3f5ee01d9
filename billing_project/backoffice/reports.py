"""Reports: tables of yen with a chart, as CSV and XLSX too, and a way from each figure to what is behind it.

A room builds a `Report`; the page, the files and the chart are the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import tablib
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from billing_project import clock
from billing_project.audit.services import record
from billing_project.backoffice.acts import operator_page
from billing_project.backoffice.forms import DayField, OperatorForm
from billing_project.calendar import Month
from billing_project.errors import Text
from billing_project.listing import csv_response

MONTHS = 12
SHOWN = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure: yen, or a plain number; `href` opens what is behind it."""

    amount: int
    href: str = ""
    is_yen: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    label: Text
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the head of the labels, the heads of the figures, the rows and their sum.

    `left_out`: so many rows more are in the files.
    """

    title: Text
    head: Text
    columns: Sequence[Text]
    rows: Sequence[Row]
    total: Row | None = None
    note: Text = ""
    left_out: int = 0

    @property
    def all_rows(self) -> list[Row]:
        return [*self.rows, *([self.total] if self.total else [])]


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says on a day. Its first grid is drawn: one set of bars per column named in `drawn`."""

    title: Text
    as_of: date
    grids: Sequence[Grid]
    drawn: Sequence[int] = (0,)
    lead: Text = ""
    kind: str = "bar"

    @property
    def chart(self) -> dict[str, Any]:
        """As `frontend/js/charts.js` draws it."""
        grid = self.grids[0]
        series = [
            {"label": str(grid.columns[index]), "data": [row.cells[index].amount for row in grid.rows]}
            for index in self.drawn
            if index < len(grid.columns)
        ]
        return {"type": self.kind, "labels": [str(row.label) for row in grid.rows], "series": series}


class DayForm(OperatorForm):
    """The day of a report; today unless another was chosen."""

    as_of = DayField(label=_("as of"), required=False)


@dataclass(frozen=True)
class ReportPage:
    """The page of a report: `build(day, most)` gives it with at most so many rows a grid, None: all."""

    name: str
    build: Callable[[date, int | None], Report]
    others: Callable[[], Sequence[tuple[Text, str]]] = field(default=tuple)

    def __call__(self, request: Any) -> HttpResponse:
        form = DayForm(request.GET or None, initial={"as_of": clock.today()})
        known = form.is_bound and form.is_valid()
        day = (form.cleaned_data["as_of"] if known else None) or clock.today()
        wanted = request.GET.get("file", "")
        report = self.build(day, None if wanted in _WRITERS else SHOWN)
        if wanted in _WRITERS:
            record("report_exported", report=self.name, as_of=f"{day}", file=wanted)
            return _WRITERS[wanted](report, f"{report.title} {day}")
        return operator_page(
            request,
            "admin/report.html",
            title=report.title,
            report=report,
            form=form,
            others=self.others(),
            files=[(kind.upper(), f"?as_of={day}&file={kind}") for kind in _WRITERS],
        )


def months_until(day: date) -> list[Month]:
    """The twelve months that end with the month of the day."""
    last = Month.of(day)
    return [last.plus(index - MONTHS + 1) for index in range(MONTHS)]


def sum_row(rows: Sequence[Row], hrefs: Sequence[str] = ()) -> Row:
    """The sums of the columns."""
    width = len(rows[0].cells) if rows else 0
    sums = [sum(row.cells[index].amount for row in rows) for index in range(width)]
    links = [*hrefs, *[""] * len(sums)]
    return Row(
        _("Sum"),
        [
            Cell(amount, href, rows[0].cells[index].is_yen)
            for index, (amount, href) in enumerate(zip(sums, links, strict=False))
        ],
    )


def _as_csv(report: Report, name: str) -> HttpResponse:
    first, *others = report.grids
    lines = [[str(row.label), *(cell.amount for cell in row.cells)] for row in first.all_rows]
    for grid in others:
        lines += [[], [str(grid.head), *map(str, grid.columns)]]
        lines += [[str(row.label), *(cell.amount for cell in row.cells)] for row in grid.all_rows]
    return csv_response(f"{name}.csv", [first.head, *first.columns], lines)


def _as_xlsx(report: Report, name: str) -> HttpResponse:
    book = tablib.Databook([_sheet(grid) for grid in report.grids])
    response = HttpResponse(book.export("xlsx"), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx") or ""
    return response


def _sheet(grid: Grid) -> tablib.Dataset:
    sheet = tablib.Dataset(title=str(grid.title)[:31], headers=[str(grid.head), *map(str, grid.columns)])
    for row in grid.all_rows:
        sheet.append([str(row.label), *(cell.amount for cell in row.cells)])
    return sheet


_WRITERS: dict[str, Callable[[Report, str], HttpResponse]] = {"csv": _as_csv, "xlsx": _as_xlsx}

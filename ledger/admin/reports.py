"""Reports that the ledger alone can give, each with a way to its entries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.policy.choices import TaxCategory
from billing_project.backoffice.acts import act_url, list_act, list_of
from billing_project.backoffice.reports import Cell, Grid, Report, ReportPage, Row, months_until, sum_row
from billing_project.calendar import Month
from billing_project.errors import Text
from ledger.models import Account, Entry
from ledger.reports import behind, billed_and_paid, deposits, held_by_customer, sales_by_month
from ledger.reports.sales import RateSum

_pages: list[tuple[Text, str]] = []


def register_report(name: str, label: Text, icon: str, build: Any) -> None:
    """Puts a report beside the others: a button above the ledger, and a link on each report's page."""
    _pages.append((label, f"report-{name}"))
    page = ReportPage(name, build, _addresses)
    list_act(Entry, f"report-{name}", label, icon, allowed=lambda request: request.operator is not None)(page)


def _addresses() -> list[tuple[Text, str]]:
    return [(label, act_url(Entry, name)) for label, name in _pages]


Link = Callable[..., str]


def entries_link() -> Link:
    """Gives the address of the entries behind a figure: its name and arguments."""
    address = list_of(Entry)
    return lambda *figure: f"{address}?figure={behind(*figure)}"


def rate_label(category: str, rate: int | None) -> str:
    name = str(TaxCategory(category).label) if category in TaxCategory.values else category or "—"
    return name if rate is None else f"{name} {rate}%"


def sales_report(day: date, _most: int | None) -> Report:
    """Net and tax of each rate by month, a year until the day."""
    months = months_until(day)
    sums = sales_by_month(months[0].first_day, day)
    rates = sorted({(s.category, s.rate) for s in sums}, key=lambda each: (-(each[1] or 0), each[0]))
    found = {(s.month, s.category, s.rate): s for s in sums}
    rows = [Row(str(month), _rate_cells(month, day, rates, found)) for month in months]
    columns = [text for rate in rates for text in _heads(rate_label(*rate))]
    grid = Grid(_("Sales and tax by month"), _("Month"), columns, rows, sum_row(rows))
    return Report(
        _("Sales and tax"),
        day,
        [grid],
        drawn=range(0, 2 * len(rates), 2),
        lead=_("By date of account. Returns and debts written off are taken away."),
    )


def _heads(rate: str) -> tuple[str, str]:
    return rate, _("Tax %(rate)s") % {"rate": rate}


def _rate_cells(month: Month, day: date, rates: Any, found: dict[Any, RateSum]) -> list[Cell]:
    cells, link = [], entries_link()
    for category, rate in rates:
        one = found.get((month, category, rate), RateSum(month, category, rate, 0, 0))
        for account, amount in ((Account.SALES, one.net), (Account.TAX_PAYABLE, one.tax)):
            percent = "" if rate is None else rate
            href = link("tax", account, category, percent, month.first_day, _end(month, day))
            cells.append(Cell(amount, href if amount else ""))
    return cells


def _end(month: Month, day: date) -> date:
    return min(month.last_day, day)


def deposit_report(day: date, most: int | None) -> Report:
    """What came in, what was used, and what was held at the end of each month; and by whom."""
    rows, link = [], entries_link()
    for each in deposits(months_until(day), day):
        days = (each.month.first_day, _end(each.month, day))
        came, went = -each.sums["credit"], each.sums["debit"]
        cells = [
            Cell(came, link("account", Account.DEPOSIT, *days, "credit")),
            Cell(went, link("account", Account.DEPOSIT, *days, "debit")),
            Cell(-each.balance, link("account", Account.DEPOSIT, "", days[1])),
        ]
        rows.append(Row(str(each.month), cells))
    columns = [_("came in"), _("used or paid out"), _("held at the end")]
    by_month = Grid(_("Deposits by month"), _("Month"), columns, rows)
    return Report(_("Deposits"), day, [by_month, _holders(day, most, link)], drawn=(2,))


def _holders(day: date, most: int | None, link: Link) -> Grid:
    holders, count = held_by_customer(day, most)
    rows = [
        Row(f"{code} {name}", [Cell(amount, link("account", Account.DEPOSIT, "", day, "", pk))])
        for pk, code, name, amount in holders
    ]
    title, left_out = _("Deposits by customer"), count - len(rows)
    return Grid(title, _("customer"), [_("deposit")], rows, left_out=left_out)


def paid_report(day: date, _most: int | None) -> Report:
    """What was billed in each month, what was paid in it, and what was owed at its end."""
    rows, link = [], entries_link()
    for each in billed_and_paid(months_until(day), day):
        days = (each.month.first_day, _end(each.month, day))
        figures = [
            (each.sums["billed"], ("receivable", "billed", *days)),
            (-each.sums["paid"], ("receivable", "paid", *days)),
            (-each.sums["written_off"], ("receivable", "written_off", *days)),
            (each.balance, ("account", Account.RECEIVABLE, "", days[1])),
        ]
        rows.append(Row(str(each.month), [Cell(amount, link(*figure)) for amount, figure in figures]))
    columns = [_("billed"), _("paid"), _("written off"), _("owed at the end")]
    grid = Grid(_("Billed and paid by month"), _("Month"), columns, rows)
    return Report(_("Billed and paid"), day, [grid], drawn=(0, 1))


register_report("sales", _("Sales and tax"), "percent", sales_report)
register_report("paid", _("Billed and paid"), "balance", paid_report)
register_report("deposits", _("Deposits"), "savings", deposit_report)

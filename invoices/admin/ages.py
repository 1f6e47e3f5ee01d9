"""Receivables by age, as a report beside those of the ledger."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from billing_project.backoffice.reports import Cell, Grid, Report, Row, sum_row
from invoices.reports import Age, Aged, CustomerAges, aged_by_customer, aged_receivables
from ledger.admin.reports import Link, entries_link, register_report
from ledger.models import Account
from ledger.reports import balance_on

AGES = {
    Age.NOT_DUE: _("Not due"),
    Age.TO_30: _("1–30 days"),
    Age.TO_60: _("31–60 days"),
    Age.TO_90: _("61–90 days"),
    Age.OLDER: _("More than 90 days"),
}


def ages_report(day: date, most: int | None) -> Report:
    """What was owed at the end of the day, in sum and by customer; with what no document explains."""
    link = entries_link()
    rows = [_age_row(age, aged, day, link) for age, aged in aged_receivables(day).items()]
    named = sum(row.cells[0].amount for row in rows)
    whole = balance_on(Account.RECEIVABLE, day)
    if whole != named:
        other = [Cell(whole - named), Cell(0, is_yen=False)]
        rows.append(Row(_("Booked on another day than its document"), other))
    by_age = Grid(
        _("Receivables by age"),
        _("Overdue for"),
        [_("open (yen)"), _("documents")],
        rows,
        sum_row(rows, [link("account", Account.RECEIVABLE, "", day)]),
    )
    return Report(_("Receivables by age"), day, [by_age, _by_customer(day, most, link)])


def _age_row(age: Age, aged: Aged, day: date, link: Link) -> Row:
    href = link("age", age, day) if aged.count else ""
    return Row(AGES[age], [Cell(aged.amount, href), Cell(aged.count, href, is_yen=False)])


def _by_customer(day: date, most: int | None, link: Link) -> Grid:
    customers, count = aged_by_customer(day, most)
    rows = [Row(f"{each.code} {each.name}", _customer_cells(each, day, link)) for each in customers]
    columns = [*AGES.values(), _("Sum")]
    return Grid(_("By customer"), _("customer"), columns, rows, left_out=count - len(rows))


def _customer_cells(customer: CustomerAges, day: date, link: Link) -> list[Cell]:
    pk = customer.customer_id
    ages = [
        Cell(amount, link("age", age, day, pk) if amount else "")
        for age, amount in zip(Age, customer.amounts, strict=True)
    ]
    return [*ages, Cell(customer.total, link("account", Account.RECEIVABLE, "", day, "", pk))]


register_report("ages", _("Receivables by age"), "hourglass_bottom", ages_report)

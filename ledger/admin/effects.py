"""What an act would book."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from billing_project.backoffice import cells
from billing_project.backoffice.effects import effect
from billing_project.backoffice.pages import Column, Section, Table
from ledger.models import Line

SHOWN = 50


@effect(Line, order=10)
def booked(lines: Any) -> Section:
    columns = [
        Column(_("date of account")),
        Column(_("reason")),
        Column(_("account"), leads=True),
        Column(_("customer")),
        Column(_("debit"), numeric=True),
        Column(_("credit"), numeric=True),
    ]
    found = lines.select_related("entry", "customer").order_by("pk")[:SHOWN]
    return Table(_("Would be booked"), columns, [_row(line) for line in found], _("Nothing would be booked."))


def _row(line: Any) -> tuple[Any, ...]:
    return (
        cells.days(line.entry.booked_on),
        line.entry.get_reason_display(),
        line.get_account_display(),
        cells.link(line.customer),
        cells.yen(line.amount) if line.amount > 0 else "",
        cells.yen(-line.amount) if line.amount < 0 else "",
    )

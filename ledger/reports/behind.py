"""From a figure to its entries: a figure is written as its name and arguments, `account~sales~2026-10-01`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from ledger.models import Account, Entry, Line, Reason
from ledger.reports.accounts import WRITTEN_OFF

_MARK = "~"
Find = Callable[..., QuerySet[Any]]
"""Entries of the figure; its arguments come as texts. ValueError for what is none."""

_figures: dict[str, Find] = {}


def register_figure(name: str) -> Callable[[Find], Find]:
    def register(find: Find) -> Find:
        _figures[name] = find
        return find

    return register


def behind(name: str, *arguments: Any) -> str:
    """A figure as the address of the entries' list names it."""
    return _MARK.join([name, *map(str, arguments)])


def entries_behind(figure: str) -> QuerySet[Any]:
    """ValueError for a figure that does not exist."""
    name, *arguments = figure.split(_MARK)
    try:
        return _figures[name](*arguments)
    except (KeyError, TypeError) as wrong:
        raise ValueError(f"No such figure: {figure}") from wrong


@register_figure("account")
def of_account(account: str, first: str, last: str, side: str = "", customer: str = "") -> QuerySet[Any]:
    """Entries with a line of the account in the days; `side` debit or credit; `customer` its id."""
    lines = Line.objects.filter(account=account)
    if side:
        lines = lines.filter(amount__gt=0) if side == "debit" else lines.filter(amount__lt=0)
    if customer:
        lines = lines.filter(customer_id=int(customer))
    return in_days(first, last).filter(pk__in=lines.values("entry"))


@register_figure("tax")
def of_rate(account: str, category: str, rate: str, first: str, last: str) -> QuerySet[Any]:
    """Entries with a line of the account in a tax category and rate (empty: none)."""
    lines = Line.objects.filter(account=account, tax_category=category)
    lines = lines.filter(tax_rate=int(rate)) if rate else lines.filter(tax_rate=None)
    return in_days(first, last).filter(pk__in=lines.values("entry"))


def in_days(first: str, last: str) -> QuerySet[Any]:
    """Entries by date of account; an empty first day: from the beginning."""
    found: QuerySet[Any] = Entry.objects.filter(booked_on__lte=date.fromisoformat(last))
    return found.filter(booked_on__gte=date.fromisoformat(first)) if first else found


@register_figure("receivable")
def of_receivable(which: str, first: str, last: str) -> QuerySet[Any]:
    """Entries that raised what is owed (`billed`), lowered it (`paid`), or gave it up (`written_off`)."""
    found = of_account(Account.RECEIVABLE, first, last)
    if which == "written_off":
        return found.filter(reason__in=WRITTEN_OFF)
    billed = Q(reason=Reason.DOCUMENT)
    return found.filter(billed) if which == "billed" else found.exclude(billed | Q(reason__in=WRITTEN_OFF))

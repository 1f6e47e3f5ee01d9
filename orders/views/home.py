"""The first page after sign-in: what is owed, what is new, what must be done by when."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.access import member_required
from accounts.rules import Right, may
from accounts.selectors import bank_accounts
from accounts.sessions import sign_in_before
from billing_project import clock
from billing_project.calendar import Month
from billing_project.errors import InvalidValue
from invoices.panel import open_items, owed_on
from ledger.models import CustomerBalance
from orders.deadlines import deadlines
from orders.month_sheet import month_sheet
from orders.panel import news, recent_events, unsettled_cards
from payments.models import CardPaymentState

DEADLINES_SHOWN = 5


@require_GET
def home(request: Any) -> HttpResponseBase:
    """Who is an operator and no member works in the admin."""
    if request.operator is not None and request.member is None:
        return redirect("admin:index")
    return _home(request)


@member_required()
def _home(request: Any) -> HttpResponse:
    member, today = request.member, clock.today()
    items, since = open_items(member), sign_in_before(request)
    debt, ends, cards = owed_on(items, today), deadlines(member, items, today), unsettled_cards(member)
    new, earlier = news(recent_events(member, cards), since)
    context = {
        "owed": debt,
        "bank_accounts": bank_accounts() if debt.total else (),
        "balance": _balance(member),
        "to_confirm": [each for each in cards if each.state == CardPaymentState.NEEDS_CUSTOMER],
        "deadlines": ends[:DEADLINES_SHOWN],
        "more_deadlines": max(len(ends) - DEADLINES_SHOWN, 0),
        "sheet": month_sheet(wanted_month(request, today), ends, today),
        "since": since,
        "new": new,
        "events": earlier,
    }
    return render(request, "home/home.html", context)


def wanted_month(request: Any, today: date) -> Month:
    """`?month=2026-12`; this month when there is none that can be read."""
    try:
        month = Month.parse(request.GET.get("month", ""))
        month_sheet(month, (), today)
    except InvalidValue:
        return Month.of(today)
    return month


def _balance(member: Any) -> CustomerBalance | None:
    """The company's deposit, for those who may see all of its money."""
    if not may(member.roles, Right.SEE_ALL_DOCUMENTS):
        return None
    return CustomerBalance.objects.filter(customer=member.customer_id).first()

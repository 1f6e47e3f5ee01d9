"""The first page after sign-in: what is owed, what ends soon, what happened."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.access import member_required
from accounts.rules import Right, may
from billing_project import clock
from invoices.panel import owed, visible_documents
from ledger.models import CustomerBalance
from orders.panel import deadlines, in_order, payments_due, recent_events


@require_GET
def home(request: Any) -> HttpResponseBase:
    """Who is an operator and no member works in the admin."""
    if request.operator is not None and request.member is None:
        return redirect("admin:index")
    return _home(request)


@member_required()
def _home(request: Any) -> HttpResponse:
    member, today = request.member, clock.today()
    debt = owed(visible_documents(member), today)
    context = {
        "owed": debt,
        "balance": _balance(member),
        "deadlines": in_order([*deadlines(member, today), *payments_due(debt)]),
        "events": recent_events(member),
        "today": today,
    }
    return render(request, "home/home.html", context)


def _balance(member: Any) -> CustomerBalance | None:
    """The company's deposit, for those who may see all of its money."""
    if not may(member.roles, Right.SEE_ALL_DOCUMENTS):
        return None
    return CustomerBalance.objects.filter(customer=member.customer_id).first()

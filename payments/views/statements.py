"""The statement of account 取引明細・残高, for a customer's members and for operators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import member_required
from accounts.models import Customer
from accounts.rules import Right
from billing_project import clock
from billing_project.calendar import Month
from billing_project.listing import csv_response
from payments.forms import PeriodForm
from payments.selectors.statements import Movement, Statement, statement_of

MONTHS = 3


@require_GET
@member_required(Right.SEE_ALL_DOCUMENTS)
def statement(request: Any) -> HttpResponse:
    """`?print=1` is the same on a bare page."""
    form, found = statement_asked(request, request.member.customer)
    query = f"first={found.first}&last={found.last}"
    context = {
        "form": form,
        "statement": found,
        "customer": request.member.customer,
        "csv_url": f"{reverse('payments:statement_csv')}?{query}",
        "print_url": f"{reverse('payments:statement')}?{query}&print=1",
        "linked": True,
    }
    template = "payments/statement_print.html" if request.GET.get("print") else "payments/statement.html"
    return render(request, template, context)


@require_GET
@member_required(Right.SEE_ALL_DOCUMENTS)
def statement_csv(request: Any) -> HttpResponse:
    return statement_file(request.member.customer, statement_asked(request, request.member.customer)[1])


def statement_asked(request: Any, customer: Customer) -> tuple[PeriodForm, Statement]:
    """The period of the address, by default this month and the two before it."""
    today = clock.today()
    default = (Month.of(today).plus(1 - MONTHS).first_day, today)
    given = request.GET if "first" in request.GET or "last" in request.GET else None
    form = PeriodForm(given or {"first": default[0], "last": default[1]})
    return form, statement_of(customer, *form.period(default))


def statement_file(customer: Customer, found: Statement) -> HttpResponse:
    head = (
        _("Day"),
        _("What happened"),
        _("Number or name"),
        _("Owed: change"),
        _("Owed"),
        _("Deposit: change"),
        _("Deposit"),
    )
    name = f"{_('Statement of account')}_{customer.code}_{found.first}_{found.last}.csv"
    return csv_response(name, head, _statement_rows(found))


def _statement_rows(found: Statement) -> Iterator[list[Any]]:
    yield [found.first, _("Brought forward"), "", "", found.opening_owed, "", found.opening_held]
    for each in found.movements:
        yield [each.day, each.label, each.numbers, *_figures(each)]
    yield [found.last, _("Carried forward"), "", "", found.closing_owed, "", found.closing_held]


def _figures(each: Movement) -> tuple[int, int, int, int]:
    return each.owed_change, each.owed, each.held_change, each.held

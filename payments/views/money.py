"""Money in the control panel: payments, deposit and its pay-outs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import member_required
from accounts.models import Customer, Member
from accounts.policy.periods import payout_day
from accounts.rules import Right
from accounts.selectors import policy_on
from billing_project import clock
from billing_project.errors import Refusal
from billing_project.listing import csv_response, page_of
from ledger.reservations import free
from payments.forms import PayoutForm
from payments.models import Payout, PayoutState
from payments.panel import Paid, payments_of
from payments.rules import can_be_paid_out
from payments.selectors import balance_of, payers_of, payout_account_of, payouts_of
from payments.selectors.statements import deposit_history
from payments.services import request_payout, withdraw_payout


@require_GET
@member_required(Right.SEE_ALL_DOCUMENTS)
def payment_list(request: Any) -> HttpResponse:
    page = page_of(request, payments_of(request.member.customer))
    return render(request, "payments/payments.html", {"page": page, "csv_url": reverse("payments:csv")})


@require_GET
@member_required(Right.SEE_ALL_DOCUMENTS)
def payment_csv(request: Any) -> HttpResponse:
    head = (_("Day"), _("Method"), _("Paid from"), _("Amount"), _("Documents"), _("To deposit or refunded"))
    rows = (_paid_row(paid) for paid in payments_of(request.member.customer))
    return csv_response(f"{_('Payments')}.csv", head, rows)


def _paid_row(paid: Paid) -> list[Any]:
    numbers = " ".join(document.number for document, _part in paid.documents)
    return [paid.day, paid.method, paid.source, paid.amount, numbers, paid.rest]


@require_GET
@member_required(Right.SEE_ALL_DOCUMENTS)
def deposit(request: Any) -> HttpResponse:
    customer = request.member.customer
    balance = balance_of(customer)
    context = {
        "balance": balance,
        "free": free(balance),
        "page": page_of(request, deposit_history(customer)),
        "payouts": payouts_of(customer),
        "can_ask": Right.ASK_FOR_PAYOUT in request.rights,
    }
    return render(request, "payments/deposit.html", context)


@member_required(Right.ASK_FOR_PAYOUT)
@require_http_methods(["GET", "POST"])
def new_payout(request: Any) -> HttpResponse:
    customer = request.member.customer
    if request.method == "POST":
        form = PayoutForm(request.POST)
        if form.is_valid() and (payout := _ask(form, request.member)):
            text = _("The pay-out was asked for. %(amount)s yen will be transferred on %(day)s.")
            messages.success(request, text % {"amount": f"{payout.net:,}", "day": payout.pay_on})
            return redirect("payments:deposit")
    else:
        form = PayoutForm.remembering(payout_account_of(customer), free(balance_of(customer)))
    return render(
        request, "payments/payout.html", _payout_page(form, customer), status=422 if form.errors else 200
    )


def _ask(form: PayoutForm, member: Member) -> Payout | None:
    try:
        return request_payout(
            customer=member.customer,
            member=member,
            amount=form.cleaned_data["amount"],
            account=form.destination(),
            submission=form.cleaned_data["submission"],
        )
    except Refusal as refusal:
        problems = refusal.details.get("problems")
        for each in problems or [{"field": None, "message": refusal.message}]:
            form.add_error(each["field"], each["message"])
        return None


def _payout_page(form: PayoutForm, customer: Customer) -> dict[str, Any]:
    today = clock.today()
    policy = policy_on(today)
    available, payers = free(balance_of(customer)), payers_of(customer)
    return {
        "form": form,
        "free": available,
        "fee": policy.payout_fee,
        "pay_on": payout_day(policy, today),
        "payers": payers,
        "can_ask": form.is_bound or can_be_paid_out(free=available, fee=policy.payout_fee, payers=payers),
    }


@member_required(Right.ASK_FOR_PAYOUT)
@require_http_methods(["GET", "POST"])
def withdraw(request: Any, public_id: UUID) -> HttpResponse:
    payout = get_object_or_404(Payout, customer=request.member.customer, public_id=public_id)
    if request.method == "POST":
        withdraw_payout(payout=payout)
        messages.success(request, _("The pay-out was withdrawn. The sum is free deposit again."))
        return redirect("payments:deposit")
    if payout.state != PayoutState.ASKED:
        return redirect("payments:deposit")
    text = _("%(amount)s yen, to be paid out on %(day)s, become free deposit again.")
    context = {
        "title": _("Withdraw this pay-out?"),
        "message": text % {"amount": f"{payout.amount:,}", "day": payout.pay_on},
        "label": _("Withdraw"),
        "tone": "error",
        "cancel_url": reverse("payments:deposit"),
    }
    return render(request, "confirm.html", context)

"""What the page of a customer says about its money, its statement of account, and its leaving."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, act_url, ask, list_of, operator_page, page_of, row_act
from billing_project.backoffice.forms import OperatorForm, restyled
from billing_project.backoffice.pages import Column, Prose, Section, Table, section
from billing_project.forms import sent
from ledger.reservations import free
from payments.admin.desk import reads
from payments.forms import ACCOUNT_FIELDS, AccountFields
from payments.models import Payout
from payments.rules import Destination
from payments.selectors import balance_of, payout_account_of, payouts_of
from payments.services import apply_deposit, let_customer_leave
from payments.views.statements import statement_asked, statement_file

SHOWN = 10


class LeaveForm(AccountFields, OperatorForm):
    """The account is needed only where deposit is left."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ACCOUNT_FIELDS:
            self.fields[name].required = False

    def account(self) -> Destination | None:
        return self.destination() if self.cleaned_data["account_number"] else None


def _owes_and_owns(customer: Any) -> bool:
    """Of a row of the customer's page, which has its balances."""
    return bool(customer.receivable > 0 and customer.deposit > customer.reserved)


@section(Customer, order=18)
def side_by_side(_request: Any, customer: Customer) -> Section | None:
    if not _owes_and_owns(customer):
        return None
    text = _(
        "The customer owes money and has free deposit. Apply the deposit, or leave it as your policy says."
    )
    return Prose(_("Receivable and deposit side by side"), text, "warning")


@section(Customer, order=52)
def customer_payouts(_request: Any, customer: Customer) -> Section | None:
    rows = payouts_of(customer)[:SHOWN]
    columns = [
        Column(_("pay-out day")),
        Column(_("Amount"), numeric=True),
        Column(_("transferred (yen)"), numeric=True),
        Column(_("state")),
    ]
    shown = [
        (
            cells.link(each, cells.days(each.pay_on)),
            cells.yen(each.amount),
            cells.yen(each.net),
            cells.state(each.state, each.get_state_display()),
        )
        for each in rows
    ]
    more = list_of(Payout, f"q={customer.code}")
    return Table(_("Pay-outs"), columns, shown, more=more) if shown else None


@row_act(Customer, "apply-deposit", _("Apply deposit"), "payments", offered=_owes_and_owns)
def apply_page(request: Any, customer: Customer) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> Any:
        used = apply_deposit(customer=customer)
        return _("%(amount)s yen of deposit have paid open documents.") % {"amount": f"{used:,}"}

    lead = _("Free deposit pays the open documents, oldest due first.")
    question = Question(
        _("Apply deposit"), OperatorForm(request.POST), act, page_of(customer), lead, previewed=True
    )
    return ask(request, question, original=customer, opts=customer._meta)


@row_act(Customer, "statement", _("Statement of account"), "receipt_long", allowed=reads)
def statement_page(request: Any, customer: Customer) -> HttpResponse:
    """`?csv=1` is the same as a file, `?print=1` on a bare page."""
    form, found = statement_asked(request, customer)
    if request.GET.get("print"):
        return render(request, "payments/statement_print.html", {"statement": found, "customer": customer})
    if request.GET.get("csv"):
        return statement_file(customer, found)
    query = f"first={found.first}&last={found.last}"
    return operator_page(
        request,
        "admin/statement.html",
        title=_("Statement of account"),
        original=customer,
        opts=customer._meta,
        form=restyled(form),
        statement=found,
        customer=customer,
        csv_url=f"{act_url(customer, 'statement')}?{query}&csv=1",
        print_url=f"{act_url(customer, 'statement')}?{query}&print=1",
        back=page_of(customer),
    )


@row_act(
    Customer,
    "leave",
    _("Customer leaves"),
    "logout",
    offered=lambda customer: customer.is_active,
    tone="danger",
)
def leave_page(request: Any, customer: Customer) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> Any:
        payout = let_customer_leave(customer=customer, account=form.account())
        if payout is None:
            return _("The customer has left.")
        return _("The customer has left; %(amount)s yen of deposit are paid out on %(day)s.") % {
            "amount": f"{payout.amount:,}",
            "day": payout.pay_on,
        }

    known = payout_account_of(customer)
    initial = {name: getattr(known, name) for name in ACCOUNT_FIELDS} if known else {}
    form = LeaveForm(sent(request), initial=initial)
    lead = _(
        "Its members lose access at once, its documents stay. Free deposit of %(amount)s yen pays what is"
        " open; the rest is paid out to this account, in the name under which the customer has transferred."
    ) % {"amount": f"{free(balance_of(customer)):,}"}
    question = Question(
        _("Customer leaves"), form, act, page_of(customer), lead, tone="danger", previewed=True
    )
    return ask(request, question, original=customer, opts=customer._meta)

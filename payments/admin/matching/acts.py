"""Matching by hand, undoing, sending back, settling doubts."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from billing_project.backoffice.acts import Question, ask, page_of, row_act
from billing_project.backoffice.forms import OperatorForm
from payments.admin.desk import desk_address
from payments.admin.matching.forms import AcceptForm, MatchForm, ReasonForm, SplitForm
from payments.admin.matching.states import is_doubtful, is_matched, waits
from payments.models import Payment
from payments.services import (
    match_by_hand,
    send_back,
    settle_doubt,
    undo_match,
)


@row_act(Payment, "accept", _("Accept suggestion"), "check", offered=lambda _payment: False)
def accept(request: Any, payment: Payment) -> HttpResponse:
    """One click on the desk; the form holds the ids of the suggestion."""

    def act(cleaned: dict[str, Any]) -> tuple[Any, str]:
        customer, document = cleaned["customer"], cleaned["document"]
        match_by_hand(payment=payment, customer=customer, documents=[document] if document else [])
        return _("The transfer was matched with %(name)s.") % {"name": customer}, desk_address()

    form = AcceptForm(request.POST or None)
    lead = _("%(payer)s, %(amount)s yen. What no document takes becomes deposit.")
    return _asked(request, payment, _("Accept suggestion"), form, act, lead)


@row_act(Payment, "match", _("Match by hand"), "person_search", offered=waits, tone="primary")
def match_page(request: Any, payment: Payment) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> tuple[Any, str]:
        match_by_hand(payment=payment, customer=cleaned["customer_code"], documents=cleaned["documents"])
        return _("The transfer was matched, and its payer's name is remembered."), page_of(payment)

    form = MatchForm(request.POST or None)
    lead = _("%(payer)s, %(amount)s yen. What no document takes becomes deposit.")
    return _asked(request, payment, _("Match by hand"), form, act, lead)


@row_act(Payment, "split", _("Split"), "call_split", offered=waits)
def split_page(request: Any, payment: Payment) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> tuple[Any, str]:
        match_by_hand(payment=payment, parts=cleaned["parts"])
        return _("The transfer was divided."), page_of(payment)

    form = SplitForm(request.POST or None)
    lead = _("%(payer)s, %(amount)s yen. The parts must add up to the whole transfer.")
    return _asked(request, payment, _("Split over several customers"), form, act, lead)


@row_act(Payment, "undo", _("Undo match"), "undo", offered=is_matched, tone="danger")
def undo_page(request: Any, payment: Payment) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> tuple[Any, str]:
        undo_match(payment=payment)
        return _("The match was undone; the transfer waits again."), page_of(payment)

    form = OperatorForm(request.POST)
    lead = _(
        "%(payer)s, %(amount)s yen. The match is reversed today: its documents are open again, the money"
        " waits in suspense, and what was learned from it is forgotten. Deposit that is free pays the"
        " documents at once, as your policy says."
    )
    return _asked(request, payment, _("Undo match"), form, act, lead, "danger")


@row_act(Payment, "send-back", _("Send back"), "reply", offered=waits)
def send_back_page(request: Any, payment: Payment) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> tuple[Any, str]:
        send_back(payment=payment, reason=cleaned["reason"])
        return _("The transfer was booked as sent back."), page_of(payment)

    form = ReasonForm(request.POST or None)
    lead = _("%(payer)s, %(amount)s yen. Use it when the money has left your account again.")
    return _asked(request, payment, _("Send back"), form, act, lead, "danger")


@row_act(Payment, "same", _("It is the same"), "link", offered=is_doubtful, tone="primary")
def same_page(request: Any, payment: Payment) -> HttpResponse:
    return _doubt_page(request, payment, is_same=True, title=_("It is the same"))


@row_act(Payment, "other", _("It is another"), "call_split", offered=is_doubtful)
def other_page(request: Any, payment: Payment) -> HttpResponse:
    return _doubt_page(request, payment, is_same=False, title=_("It is another"))


def _doubt_page(request: Any, payment: Payment, *, is_same: bool, title: Any) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> tuple[Any, str]:
        settle_doubt(payment=payment, is_same=is_same)
        done = _("It is known already; nothing was booked.") if is_same else _("The transfer was booked.")
        return done, desk_address()

    lead = (
        _("%(payer)s, %(amount)s yen. It is the transfer that is booked already; nothing more is booked.")
        if is_same
        else _("%(payer)s, %(amount)s yen. It is a transfer of its own and is booked now.")
    )
    return _asked(request, payment, title, OperatorForm(request.POST), act, lead)


def _asked(
    request: Any, payment: Payment, title: Any, form: Any, act: Any, lead: Any, tone: str = "primary"
) -> HttpResponse:
    facts = {"payer": payment.payer_name or "—", "amount": f"{payment.amount:,}"}
    question = Question(title, form, act, page_of(payment), str(lead) % facts, tone=tone, previewed=True)
    return ask(request, question, original=payment, opts=payment._meta)

"""Halting, resuming, writing off; what waits on the first page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from billing_project.backoffice.acts import Question, ask, list_of, page_of, row_act
from billing_project.backoffice.asking import count_of
from billing_project.backoffice.columns import add_fact
from billing_project.backoffice.dashboard import Figure, dashboard
from billing_project.backoffice.forms import OperatorForm
from invoices.models import Document
from payments.models import DunningCase, DunningHalt
from payments.rules.dunning import MAX_REASON
from payments.selectors.dunning import (
    open_amount,
    open_cases,
    open_halt,
)
from payments.services.dunning import halt_dunning, resume_dunning, write_off


class ReasonForm(OperatorForm):
    reason = forms.CharField(label=_("reason"), max_length=MAX_REASON)


add_fact(
    Document,
    "is_halted",
    lambda: Exists(DunningHalt.objects.filter(document=OuterRef("pk"), resumed_on=None)),
)


def _is_open(document: Any) -> bool:
    """Of a row of the document's page, which has its facts."""
    return bool(document.open_amount)


def _can_be_halted(document: Any) -> bool:
    return _is_open(document) and not document.is_halted


def _is_halted(document: Any) -> bool:
    return bool(document.is_halted)


@row_act(Document, "halt-dunning", _("Halt dunning"), "pause_circle", offered=_can_be_halted)
def halt(request: Any, document: Document) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> Any:
        halt_dunning(document=document, reason=cleaned["reason"])
        return _("The document is not asked for any more.")

    lead = _("A disputed document is not overdue while it is halted. Its days go on when it is resumed.")
    question = Question(
        _("Halt dunning"), ReasonForm(request.POST or None), act, page_of(document), lead, button=_("Halt")
    )
    return ask(request, question, original=document, opts=document._meta)


@row_act(Document, "resume-dunning", _("Resume dunning"), "play_circle", offered=_is_halted)
def resume(request: Any, document: Document) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> Any:
        resume_dunning(document=document)
        return _("The document is asked for again.")

    halt = open_halt(document)
    lead = _("Halted since %(day)s: %(reason)s") % {
        "day": halt.halted_on if halt else "—",
        "reason": halt.reason if halt else "—",
    }
    question = Question(
        _("Resume dunning"), OperatorForm(request.POST), act, page_of(document), lead, button=_("Resume")
    )
    return ask(request, question, original=document, opts=document._meta)


@row_act(Document, "write-off", _("Write off"), "money_off", tone="danger", offered=_is_open)
def give_up(request: Any, document: Document) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> Any:
        write_off(document=document, reason=cleaned["reason"])
        return _("The open sum was written off.")

    lead = _("%(amount)s yen are booked as bad debt. Money that comes after all reverses it.") % {
        "amount": f"{open_amount(document):,}"
    }
    question = Question(
        _("Write off"),
        ReasonForm(request.POST or None),
        act,
        page_of(document),
        lead,
        button=_("Write off"),
        tone="danger",
        previewed=True,
    )
    return ask(request, question, original=document, opts=document._meta)


@dashboard(Figure, order=65, asks=lambda: {"open_cases": count_of(open_cases())})
def overdue_figure(_request: Any, found: dict[str, Any]) -> Iterator[Figure]:
    count = found["open_cases"]
    yield Figure(
        _("Customers overdue"), count, "", list_of(DunningCase, "cases=open"), "danger" if count else ""
    )

"""Customers whom a closing could not bill: shown, and billed once their data is right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, page_of, row_act
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.inbox import Kind, waits
from billing_project.backoffice.pages import Column, Section, Table, section
from invoices.conformity import WORDS, Item
from invoices.models import Closing, LeftOut
from invoices.services.closing import issue_closing, left_out_of

LEFT_OUT = _(
    "These customers get no document from this closing, for one of theirs would lack what it must state."
    " Put the data right, or cancel the sale and enter it anew; then bill those left out: with the dates of"
    " this closing and the next numbers."
)


def left_out_table(found: Iterable[LeftOut]) -> Table:
    columns = [Column(_("customer")), Column(_("missing or wrong"))]
    rows = [(cells.link(each.customer), _words(each)) for each in found]
    return Table(_("Left out"), columns, rows, note=LEFT_OUT)


def _words(left_out: LeftOut) -> str:
    return cells.joined(str(WORDS[Item(item)]) for item in left_out.missing)


@section(Closing, order=6)
def left_out_customers(_request: Any, closing: Closing) -> Section | None:
    found = list(left_out_of(closing))
    return left_out_table(found) if found else None


def _has_left_out(closing: Closing) -> bool:
    return left_out_of(closing).exists()


@row_act(Closing, "bill-left-out", _("Bill those left out"), "playlist_add_check", offered=_has_left_out)
def bill_left_out(request: Any, closing: Closing) -> HttpResponse:
    """The same closing once more: those whose data is right by now are billed, the others stay."""

    def act(_cleaned: dict[str, Any]) -> Any:
        before = closing.document_count
        after = issue_closing(closing=closing)
        return _told(after.document_count - before, left_out_of(after).count())

    lead = _("Bills them with the dates of this closing. Those with something still wrong stay left out.")
    question = Question(
        _("Bill those left out"),
        OperatorForm(request.POST),
        act,
        page_of(closing),
        lead,
        previewed=True,
    )
    sections = [left_out_table(left_out_of(closing))]
    return ask(request, question, original=closing, sections=sections, opts=closing._meta)


def _told(issued: int, left: int) -> str:
    documents = ngettext("%(count)s document issued", "%(count)s documents issued", issued)
    customers = ngettext("%(count)s customer still left out", "%(count)s customers still left out", left)
    return f"{documents % {'count': issued}}, {customers % {'count': left}}"


waits(
    35,
    Kind(
        "left_out",
        _("Customers left out of a closing"),
        Closing,
        lambda: LeftOut.objects.filter(settled_at=None),
        since="found_at",
        what="customer__name",
        why="closing__closes_on",
        acts=("bill-left-out",),
        key="closing_id",
        tone="danger",
    ),
)

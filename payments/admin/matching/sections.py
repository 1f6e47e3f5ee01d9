"""What a page of money says about its matches."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from billing_project.backoffice import cells
from billing_project.backoffice.pages import Column, Fact, Facts, Section, Table, section
from payments.admin.desk import desk_address
from payments.admin.matching.states import is_doubtful, waits
from payments.models import Match, Payment
from payments.selectors import suggestions


@section(Payment, order=7)
def what_it_may_be(request: Any, payment: Payment) -> Section | None:
    if not waits(payment):
        return None
    columns = [Column(_("Customer")), Column(_("Documents")), Column(_("Why it may fit"))]
    rows = [
        (cells.link(each.customer), _numbers(each.documents), _reasons(each)) for each in suggestions(payment)
    ]
    text = _("None: neither the name nor the sum fits a customer.")
    return Table(_("Suggestions"), columns, rows, text, desk_address())


def _numbers(documents: Any) -> str:
    return " ".join(f"{document.number}" for document in documents) or "—"


def _reasons(suggestion: Any) -> str:
    said = [
        (suggestion.by_name, _("the name")),
        (suggestion.by_sum, _("the sum")),
        (suggestion.by_fee, _("short by a fee")),
    ]
    return ", ".join(str(text) for holds, text in said if holds)


@section(Payment, order=8)
def perhaps_the_same(_request: Any, payment: Any) -> Section | None:
    if payment.perhaps_same_as_id is None:
        return None
    other = Payment.objects.get(pk=payment.perhaps_same_as_id)
    title = _("Perhaps the same as") if is_doubtful(payment) else _("The same as")
    return Facts(
        title,
        (
            Fact(_("Payment"), cells.link(other)),
            Fact(_("state"), other.get_state_display()),
            Fact(_("bank's number"), f"{payment.bank_number or '—'} / {other.bank_number or '—'}"),
            Fact(_("payer"), f"{payment.payer_name or '—'} / {other.payer_name or '—'}"),
            Fact(_("file"), f"{payment.bank_file or '—'} / {other.bank_file or _('entered by hand')}"),
        ),
    )


@section(Payment, order=25)
def matches(_request: Any, payment: Payment) -> Section | None:
    rows = Match.objects.filter(payment=payment).select_related("customer", "entry").order_by("pk")
    columns = [
        Column(_("customer")),
        Column(_("Amount"), numeric=True),
        Column(_("kind")),
        Column(_("short by (yen)"), numeric=True),
        Column(_("matched")),
        Column(_("undone")),
        Column(_("Ledger entry")),
    ]
    return Table(_("Matches"), columns, [_match_row(row) for row in rows]) if rows else None


def _match_row(match: Any) -> tuple[Any, ...]:
    by = _("by hand") if match.by_hand else _("by itself")
    return (
        cells.link(match.customer),
        cells.yen(match.amount),
        match.get_kind_display(),
        cells.yen(match.short),
        format_html("{} {}", cells.moments(match.matched_at), by),
        cells.moments(match.undone_at),
        cells.link(match.entry),
    )

"""Correcting a document: its lines to be changed, what the change comes to, and then the act (X1)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, operator_page, page_of, row_act, show_refusal
from billing_project.backoffice.pages import Column, Fact, Facts, Prose, Section, Table
from billing_project.errors import Code, Refusal
from invoices.admin.correction_form import CorrectionForm, entered_in, start_of_page
from invoices.admin.documents.words import tax_words
from invoices.correction_rules import CORRECTABLE, StandingLine
from invoices.models import Document
from invoices.services.correcting import (
    CorrectionEffect,
    correct_document,
    effect_of,
    lines_to_correct,
    preview_correction,
)
from invoices.services.previews import preview_documents
from invoices.views.previews import preview_response
from ledger.models import Account


@row_act(
    Document,
    "correct",
    _("Correct"),
    "edit_document",
    offered=lambda document: document.kind in CORRECTABLE,
)
def correct(request: Any, document: Document) -> HttpResponse:
    try:
        standing = lines_to_correct(document)
    except Refusal as refusal:
        return _page(request, document, sections=[Prose("", refusal.message, "danger")], status=409)
    if "go" in request.POST:
        entered = {**entered_in(request.POST), "seen": ""}
        return _page(request, document, form=_form(request.POST["go"], entered, document, standing))
    form = _form(_first(request), entered_in(request.POST), document, standing, checked=bool(request.POST))
    if not request.POST or not form.is_valid():
        return _page(request, document, form=_where_bad(form, document), status=422 if request.POST else 200)
    try:
        if "preview" in request.POST:
            return _preview(document, form)
        effect = preview_correction(document=document, **form.wanted)
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _page(request, document, form=form, status=422)
    seen = form.cleaned_data["seen"]
    if seen and seen == _token(form, effect):
        return _confirm(request, document, form)
    form.data = {**form.data, "seen": _token(form, effect)}
    return _page(request, document, form=form, sections=_sections(effect, again=bool(seen)), effect=effect)


def _first(request: Any) -> str:
    """The line from which on the page shows them: as it was sent, or of the address `?from=101`."""
    return str(request.POST.get("from") or request.GET.get("from", ""))


def _form(
    first: str,
    entered: dict[str, str],
    document: Document,
    standing: Sequence[StandingLine],
    *,
    checked: bool = False,
) -> CorrectionForm:
    start = start_of_page(first, len(standing))
    return CorrectionForm(entered, checked=checked, document=document, standing=standing, first=start)


def _where_bad(form: CorrectionForm, document: Document) -> CorrectionForm:
    """The form at the page of lines where something is wrong, if nothing is on this one."""
    bad = form.first_bad if form.is_bound else None
    if bad is None:
        return form
    return _form(str(bad), dict(form.entered), document, form.standing, checked=True)


def _preview(document: Document, form: CorrectionForm) -> HttpResponse:
    """The corrected document as it would be printed, marked as a preview and without a number."""
    return preview_response(preview_documents(lambda: [correct_document(document=document, **form.wanted)]))


def _confirm(request: Any, document: Document, form: CorrectionForm) -> HttpResponse:
    seen = form.cleaned_data["seen"]

    def act(_cleaned: dict[str, Any]) -> tuple[Any, str]:
        corrected = correct_document(document=document, **form.wanted)
        if _token(form, effect_of(corrected)) != seen:
            raise Refusal(Code.INVALID_INPUT, _("Something has changed meanwhile. Please look again."))
        told = _("%(new)s was issued in place of %(old)s and is being mailed.")
        return told % {"new": corrected.number, "old": document.number}, page_of(corrected)

    question = Question(
        _("Correct %(number)s") % {"number": document.number},
        form,
        act,
        page_of(document),
        template="admin/correction.html",
    )
    return ask(request, question, original=document, opts=document._meta)


def _page(
    request: Any, document: Document, *, form: Any = None, status: int = 200, **context: Any
) -> HttpResponse:
    title = _("Correct %(number)s") % {"number": document.number}
    return operator_page(
        request,
        "admin/correction.html",
        status=status,
        title=title,
        form=form,
        back=page_of(document),
        original=document,
        opts=document._meta,
        **context,
    )


def _token(form: CorrectionForm, effect: CorrectionEffect) -> str:
    """Of what the operator was shown: the wish, and all it comes to but the number."""
    shown = {**asdict(effect), "number": ""}
    return hashlib.sha256(repr((form.wanted, shown)).encode()).hexdigest()


def _sections(effect: CorrectionEffect, *, again: bool) -> list[Section]:
    text = _("This is what the correction comes to. Nothing has been issued yet.")
    if again:
        text = _("The figures have changed since you looked. Please check them again.")
    return [Prose("", text, "warning" if again else "info"), _sums(effect), _rates(effect), _ledger(effect)]


def _sums(effect: CorrectionEffect) -> Section:
    facts = [
        Fact(_("stated so far (yen)"), cells.yen(effect.old_total)),
        Fact(_("stated from now on (yen)"), cells.yen(effect.new_total)),
        Fact(_("difference (yen)"), cells.yen(effect.new_total - effect.old_total)),
        Fact(_("paid already, pays the new document (yen)"), cells.yen(effect.moved)),
        Fact(_("free deposit that pays it (yen)"), cells.yen(effect.from_deposit)),
        Fact(_("paid too much, becomes deposit (yen)"), cells.yen(effect.to_deposit)),
        Fact(_("still to pay (yen)"), cells.yen(effect.still_open)),
    ]
    if effect.still_open:
        facts.append(Fact(_("due"), cells.days(effect.due_on)))
    return Facts(_("Sums and payments"), facts)


def _rates(effect: CorrectionEffect) -> Section:
    columns = [
        Column(_("Rate")),
        Column(_("net so far"), numeric=True),
        Column(_("tax so far"), numeric=True),
        Column(_("net from now on"), numeric=True),
        Column(_("tax from now on"), numeric=True),
    ]
    rows = [
        (
            tax_words(each.category, each.rate),
            cells.yen(each.old_net),
            cells.yen(each.old_tax),
            cells.yen(each.new_net),
            cells.yen(each.new_tax),
        )
        for each in effect.rates
    ]
    return Table(_("Tax per rate"), columns, rows)


def _ledger(effect: CorrectionEffect) -> Section:
    columns = [
        Column(_("account"), leads=True),
        Column(_("Rate")),
        Column(_("debit (yen)"), numeric=True),
        Column(_("credit (yen)"), numeric=True),
    ]
    rows = [
        (
            Account(each.account).label,
            tax_words(each.category, each.rate) if each.category else "",
            cells.yen(max(each.amount, 0)) if each.amount > 0 else "",
            cells.yen(-each.amount) if each.amount < 0 else "",
        )
        for each in effect.ledger
    ]
    return Table(_("The ledger's difference"), columns, rows, empty=_("The ledger stays as it is."))

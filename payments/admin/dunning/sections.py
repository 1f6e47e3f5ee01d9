"""Dunning on the pages of customers and documents."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from billing_project.backoffice import cells
from billing_project.backoffice.columns import add_fact
from billing_project.backoffice.pages import Column, Section, Table, section
from invoices.models import Document
from payments.admin.dunning.facts import standing_facts
from payments.models import DunningCase, DunningHalt, Recovery, WriteOff

add_fact(Customer, "was_dunned", lambda: Exists(DunningCase.objects.filter(customer=OuterRef("pk"))))


@section(Customer, order=45)
def customer_dunning(_request: Any, customer: Any) -> Section | None:
    return standing_facts(customer) if customer.was_dunned else None


@section(Document, order=45)
def document_dunning(_request: Any, document: Document) -> Section | None:
    halts = list(DunningHalt.objects.filter(document=document).order_by("pk"))
    given_up = list(WriteOff.objects.filter(document=document).order_by("pk"))
    rows = [*map(_halt_row, halts), *map(_write_off_row, given_up)]
    columns = [Column(_("what")), Column(_("day")), Column(_("reason")), Column(_("amount"), numeric=True)]
    return Table(_("Dunning"), columns, rows) if rows else None


def _halt_row(halt: DunningHalt) -> tuple[Any, ...]:
    until = cells.days(halt.resumed_on) if halt.resumed_on else ""
    days = format_html("{} – {}", cells.days(halt.halted_on), until)
    return (_("Dunning halted"), days, halt.reason, "")


def _write_off_row(given_up: WriteOff) -> tuple[Any, ...]:
    recovered = sum(each.amount for each in Recovery.objects.filter(write_off=given_up))
    text = given_up.reason
    if recovered:
        text = _("%(reason)s (recovered: %(amount)s yen)") % {"reason": text, "amount": f"{recovered:,}"}
    return (_("Written off"), cells.days(given_up.written_off_on), text, cells.yen(given_up.amount))

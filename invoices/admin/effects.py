"""Which documents an act would issue, and which it would pay or open again."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from billing_project.backoffice import cells
from billing_project.backoffice.effects import effect
from billing_project.backoffice.pages import Column, Section, Table
from invoices.models import Allocation, Document, OpenItem

SHOWN = 50


@effect(Allocation, order=20)
def paid(allocations: Any) -> Section | None:
    """With what would be open of each document afterwards."""
    found = list(allocations.select_related("document__customer").order_by("pk")[:SHOWN])
    if not found:
        return None
    items = OpenItem.objects.filter(document__in=[each.document_id for each in found])
    left = dict(items.values_list("document_id", "open_amount"))
    columns = [
        Column(_("Document")),
        Column(_("customer")),
        Column(_("paid by")),
        Column(_("amount (yen)"), numeric=True),
        Column(_("open after it (yen)"), numeric=True),
    ]
    rows = [
        (
            cells.link(each.document),
            cells.link(each.document.customer),
            each.get_source_display(),
            cells.yen(each.amount),
            cells.yen(left.get(each.document_id)),
        )
        for each in found
    ]
    return Table(_("Documents that would be paid, or open again"), columns, rows)


@effect(Document, order=30)
def issued(documents: Any) -> Section | None:
    found = list(documents.select_related("customer").order_by("pk")[:SHOWN])
    columns = [Column(_("kind")), Column(_("customer")), Column(_("total (yen)"), numeric=True)]
    rows = [(each.get_kind_display(), cells.link(each.customer), cells.yen(each.total)) for each in found]
    return Table(_("Documents that would be issued"), columns, rows) if rows else None

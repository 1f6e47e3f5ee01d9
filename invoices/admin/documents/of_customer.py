"""The newest documents on a customer's page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from billing_project.backoffice import cells
from billing_project.backoffice.acts import list_of
from billing_project.backoffice.pages import Column, Section, Table, section
from invoices.admin.documents.words import standing_label
from invoices.models import Document
from invoices.panel import with_open_item

SHOWN = 10


@section(Customer, order=40)
def customer_documents(_request: Any, customer: Customer) -> Section:
    found = with_open_item(Document.objects.filter(customer=customer)).order_by("-issued_on", "-id")[:SHOWN]
    columns = [
        Column(_("number")),
        Column(_("issued")),
        Column(_("total (yen)"), numeric=True),
        Column(_("open (yen)"), numeric=True),
        Column(_("payment")),
    ]
    rows = [
        (
            cells.link(d),
            cells.days(d.issued_on),
            cells.yen(d.total),
            cells.yen(d.open_amount),
            standing_label(d),
        )
        for d in found
    ]
    return Table(_("Documents"), columns, rows, more=list_of(Document, f"q={customer.code}"))

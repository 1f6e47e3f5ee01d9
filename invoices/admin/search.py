"""Documents by number or by sum."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from billing_project.backoffice.search import Words, finds
from billing_project.templatetags.formats import yen_text
from invoices.models import Document
from invoices.searching import number_begins


def _note(document: Any) -> str:
    return f"{document.customer} {yen_text(document.total)} {document.issued_on}"


@finds(order=20, note=_note)
def documents(words: Words) -> QuerySet[Document]:
    found = number_begins(words.text)
    if words.amount:
        found |= Q(total=words.amount) | Q(total=-words.amount)
    rows: QuerySet[Document] = Document.objects.filter(found).select_related("customer")
    return rows.order_by("-issued_on", "-id")

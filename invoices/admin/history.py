"""What this room tells of a customer's history: documents, and what was done with them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing_project.audit.models import AuditEntry
from billing_project.backoffice.history import Strand, braid
from billing_project.backoffice.words import ACTIONS
from invoices.models import Document, DocumentKind


def _acts(customer: Any) -> QuerySet[AuditEntry]:
    documents = Document.objects.filter(customer=customer).values("pk")
    found: QuerySet[AuditEntry] = AuditEntry.objects.filter(object_kind="document", object_id__in=documents)
    return found


braid(
    Strand(
        "documents",
        _("Documents"),
        Document,
        lambda customer: Document.objects.filter(customer=customer),
        at="issued_at",
        what="number",
        code="kind",
        amount="total",
        words=dict(DocumentKind.choices),
    )
)
braid(
    Strand(
        "document_acts",
        _("Acts on documents"),
        Document,
        _acts,
        at="at",
        what="object_label",
        code="action",
        who="actor_label",
        key="object_id",
        words=ACTIONS,
    )
)

"""What this room tells of a customer's history: documents, and what was done with them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from billing_project.backoffice.history import braid_acts, braid_rows
from invoices.models import Document

braid_rows("documents", _("Documents"), Document, at="issued_at", what="number", code="kind", amount="total")
braid_acts("document_acts", _("Acts on documents"), Document, kind="document")

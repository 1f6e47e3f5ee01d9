"""What documents, their taxes and links are called in tables."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.policy.choices import TaxCategory
from billing_project import clock
from billing_project.backoffice import cells
from invoices.models.archive import AccessLink
from invoices.panel import STANDINGS, Standing, standing_of
from invoices.services.links import is_open

_STANDING_TONES = {
    Standing.OPEN: "info",
    Standing.PARTLY_PAID: "warning",
    Standing.OVERDUE: "danger",
    Standing.PAID: "success",
    Standing.WRITTEN_OFF: "danger",
    Standing.SETTLED: "",
    Standing.REPLACED: "",
}


def tax_words(category: str, rate: int | None) -> str:
    """A tax category as it stands in tables: standard rate 10%."""
    name = str(TaxCategory(category).label) if category in TaxCategory.values else category
    return name if rate is None else f"{name} {rate}%"


def standing_label(document: Any) -> Any:
    standing = standing_of(document, clock.today())
    return cells.label(STANDINGS[standing], _STANDING_TONES[standing])


def link_state(link: AccessLink) -> Any:
    if link.revoked_at:
        return cells.label(_("Revoked"))
    return cells.label(_("Open"), "success") if is_open(link) else cells.label(_("Expired"))

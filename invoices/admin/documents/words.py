"""What documents, their taxes and links are called in tables."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.policy.choices import TaxCategory
from billing_project import clock
from billing_project.backoffice import cells
from billing_project.backoffice.pages import Column, Table
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


def links_table(links: QuerySet[Any]) -> Table:
    """The links to a document or quote, the newest first."""
    return Table(
        _("Links"),
        [Column(_("mailed to")), Column(_("made")), Column(_("expires")), Column(_("state"))],
        [
            (link.email, cells.moments(link.created_at), cells.moments(link.expires_at), _link_state(link))
            for link in links.order_by("-created_at")
        ],
        empty=_("None: the mail has not been written yet."),
    )


def _link_state(link: AccessLink) -> Any:
    if link.revoked_at:
        return cells.label(_("Revoked"))
    return cells.label(_("Open"), "success") if is_open(link) else cells.label(_("Expired"))

"""What several pages say about dunning."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from billing_project import clock
from billing_project.backoffice import cells
from billing_project.backoffice.acts import act_url
from billing_project.backoffice.pages import Fact, Facts, Section
from invoices.models import Document
from payments.selectors.dunning import (
    Standing,
    standing_with_dunning,
)


def coming(standing: Standing) -> str:
    if standing.next is None:
        return "—"
    return format_html("{} {}", standing.next.step.label, cells.days(standing.next.on))


def standing_facts(customer: Customer) -> Section:
    standing = standing_with_dunning(customer, clock.today())
    oldest = standing.oldest
    return Facts(
        _("Dunning"),
        (
            Fact(_("customer"), cells.link(customer)),
            Fact(_("overdue since"), cells.days(oldest.due_on if oldest else None)),
            Fact(_("overdue (yen)"), cells.yen(standing.total)),
            Fact(
                _("steps in force"),
                cells.joined(str(step.label) for step in standing.in_force) or "—",
            ),
            Fact(_("next step"), coming(standing)),
        ),
    )


def halt_label(halted: bool) -> Any:
    return cells.label(_("Halted"), "info") if halted else cells.label(_("Overdue"), "danger")


def acts_of(document: Document, halted: bool) -> Any:
    name, label = ("resume-dunning", _("Resume")) if halted else ("halt-dunning", _("Halt"))
    return format_html(
        "{} {}",
        cells.to(act_url(document, name), label),
        cells.to(act_url(document, "write-off"), _("Write off")),
    )

"""The audit log, to be read and searched."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesRadioFilter, RangeDateTimeFilter
from unfold.decorators import display

from billing_project.audit.models import AuditEntry
from billing_project.backoffice import cells
from billing_project.backoffice.filters import words_filter
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Column, Fact, Facts, Section, Table, section
from billing_project.backoffice.words import ACTIONS, JOBS, word


@admin.register(AuditEntry)
class AuditEntryAdmin(OperatorAdmin):
    list_display = ("moment", "who", "kind_of_actor", "act", "target", "ip_address")
    list_display_links = ("moment", "act")
    search_fields = ("^actor_label", "^object_label", "^action")
    search_help_text = _("Beginning of who it was, or of what it was done to")
    list_filter = (
        ("actor_kind", ChoicesRadioFilter),
        words_filter(_("act"), "action", ACTIONS),
        ("at", RangeDateTimeFilter),
    )
    ordering = ("-at", "-id")
    csv_columns = (
        (_("when"), "at"),
        (_("who"), "actor_label"),
        (_("kind of actor"), "get_actor_kind_display"),
        (_("act"), lambda entry: word(ACTIONS, entry.action)),
        (_("kind of object"), "object_kind"),
        (_("object"), "object_label"),
        (_("details"), lambda entry: json.dumps(entry.data, ensure_ascii=False)),
        (_("from where"), "ip_address"),
    )

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup in ("object_kind", "object_id") or super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        return super().get_queryset(request).defer("data")

    def page_title(self, row: Any) -> str:
        return word(ACTIONS, row.action)

    @display(description=_("when"), ordering="at")
    def moment(self, entry: AuditEntry) -> str:
        return cells.moments(entry.at)

    @display(description=_("who"), ordering="actor_label")
    def who(self, entry: AuditEntry) -> str:
        return word(JOBS, entry.actor_label)

    @display(description=_("kind of actor"), ordering="actor_kind")
    def kind_of_actor(self, entry: AuditEntry) -> str:
        return entry.get_actor_kind_display()

    @display(description=_("act"), ordering="action")
    def act(self, entry: AuditEntry) -> str:
        return word(ACTIONS, entry.action)

    @display(description=_("object"), ordering="object_label")
    def target(self, entry: AuditEntry) -> str:
        return entry.object_label or "—"


@section(AuditEntry, order=10)
def entry_facts(_request: Any, entry: AuditEntry) -> Section:
    return Facts(
        _("Audit entry"),
        (
            Fact(_("when"), cells.moments(entry.at)),
            Fact(_("who"), word(JOBS, entry.actor_label)),
            Fact(_("kind of actor"), entry.get_actor_kind_display()),
            Fact(_("act"), word(ACTIONS, entry.action)),
            Fact(_("object"), entry.object_label or "—"),
            Fact(_("from where"), entry.ip_address or "—"),
            Fact(_("request"), cells.mono(entry.request_id or "—")),
        ),
    )


@section(AuditEntry, order=20)
def entry_details(_request: Any, entry: AuditEntry) -> Section:
    rows = [(cells.mono(name), _text(value)) for name, value in entry.data.items()]
    return Table(_("Details"), [Column(_("Field")), Column(_("Value"))], rows, empty=_("None."))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

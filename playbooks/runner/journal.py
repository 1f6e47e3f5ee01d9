"""Tells what is new: documents issued, mails sent, ledger entries booked."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet

from billing_project.outbox.models import Mail, MailState
from billing_project.tenancy.context import tenant_context
from invoices.models import Document
from ledger.models import Entry
from playbooks.runner.facts import document_facts
from playbooks.runner.world import World


def record_news(world: World) -> None:
    """Adds an event for everything that came into being since it was last called."""
    with tenant_context(world.tenant):
        for document in _new(world, "documents", Document.objects.select_related("addressee")):
            facts = document_facts(world, document)
            world.tell("document", document.number, {key: _plain(fact) for key, fact in facts.items()})
        for entry in _new(world, "entries", Entry.objects.prefetch_related("lines")):
            facts = {"booked_on": str(entry.booked_on), "lines": _lines(world, entry)}
            world.tell("entry", entry.reason, facts)
        for mail in _new(world, "mails", Mail.objects.filter(state=MailState.SENT)):
            world.tell("mail", mail.subject, {"to": mail.recipient, "text": mail.text_body})


def _new(world: World, name: str, rows: QuerySet[Any]) -> Iterable[Any]:
    known = world.recorded.setdefault(name, set())
    fresh: list[Model] = list(rows.exclude(pk__in=known).order_by("pk"))
    known.update(row.pk for row in fresh)
    return fresh


def _lines(world: World, entry: Entry) -> list[dict[str, Any]]:
    """Debit and credit sides as positive sums, in yen."""
    return [
        {
            "account": line.account,
            "customer": world.name_of(line.customer_id) if line.customer_id else None,
            "debit": max(line.amount, 0),
            "credit": max(-line.amount, 0),
        }
        for line in sorted(entry.lines.all(), key=lambda line: (line.amount < 0, line.pk))
    ]


def _plain(value: object) -> object:
    """A fact as a JSON value."""
    if isinstance(value, frozenset):
        return max((str(item) for item in value), key=len, default="")
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, bool | int | str | dict | None) else str(value)

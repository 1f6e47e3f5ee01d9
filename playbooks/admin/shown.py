"""The days of a played story in words of the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from billing_project.backoffice.words import JOBS, RESULTS, word
from billing_project.errors import Text
from billing_project.templatetags.formats import yen_text
from invoices.models import DocumentKind
from ledger.models import Account, Reason
from playbooks.runner.compare import shown
from playbooks.timeline import Day, Moment
from playbooks.words import EXPECTATIONS, KINDS, TONES, VERBS


@dataclass(frozen=True)
class Shown:
    """One event: `text` in a line, `body` unfolds, `lines` are those of a booking."""

    at: datetime
    kind: Text
    tone: str
    line: int
    failed: bool
    title: str
    text: str = ""
    body: str = ""
    lines: tuple[tuple[str, str, str], ...] = ()


def shown_days(days: list[Day]) -> Iterator[tuple[date, bool, list[Shown]]]:
    for day in days:
        yield day.day, day.failed, [_shown(moment) for moment in day.moments]


def _shown(moment: Moment) -> Shown:
    tone = "danger" if moment.failed else TONES[moment.kind]
    words = _WRITERS[moment.kind](moment.title, moment.facts)
    return Shown(moment.at, KINDS[moment.kind], tone, moment.line, moment.failed, **words)


def _step(title: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    fields = facts.get(title)
    text = _expected(fields or {}) if title == "expect" else shown(fields) if fields else ""
    return {"title": word(VERBS, title), "text": text}


def _expected(fields: Mapping[str, Any]) -> str:
    return ", ".join(f"{word(EXPECTATIONS, name)}: {shown(value)}" for name, value in fields.items())


def _job(title: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    counts = [f"{word(RESULTS, name)} {shown(value)}" for name, value in facts["result"].items() if value]
    return {"title": word(JOBS, title), "text": ", ".join(counts)}


def _document(title: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    parts = [
        str(facts["customer"]),
        f"{_('total')} {yen_text(facts['total'])}",
        f"{_('to pay')} {yen_text(facts['to_pay'])}",
    ]
    if facts.get("due"):
        parts.append(f"{_('due')} {facts['due']}")
    return {"title": f"{DocumentKind(facts['kind']).label} {title}", "text": ", ".join(parts)}


def _mail(title: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"title": title, "text": facts["to"], "body": facts["text"]}


def _entry(title: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    lines = [(_account(line), _side(line["debit"]), _side(line["credit"])) for line in facts["lines"]]
    return {"title": str(Reason(title).label), "text": facts["booked_on"], "lines": tuple(lines)}


def _account(line: Mapping[str, Any]) -> str:
    return f"{Account(line['account']).label} {line['customer'] or ''}".strip()


def _side(amount: int) -> str:
    return f"{amount:,}" if amount else ""


_WRITERS: Mapping[str, Callable[[str, Mapping[str, Any]], dict[str, Any]]] = {
    "step": _step,
    "job": _job,
    "document": _document,
    "mail": _mail,
    "entry": _entry,
}

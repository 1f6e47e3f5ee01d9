"""How values are written in lists and on pages of the admin."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from billing_project.backoffice.acts import page_of
from billing_project.templatetags.components import STATES
from billing_project.templatetags.formats import NOTHING, day, moment, yen_text

_TONES = {"success": "success", "warning": "warning", "error": "danger", "info": "info", "neutral": ""}


def yen(amount: int | None) -> SafeString:
    """An amount, right-aligned in its column."""
    css = "num num-negative" if amount is not None and amount < 0 else "num"
    return format_html('<span class="{}">{}</span>', css, yen_text(amount))


def number(value: Any) -> SafeString:
    return format_html('<span class="num">{}</span>', NOTHING if value is None else f"{value:,}")


def days(value: date | None) -> str:
    return day(value)


def moments(value: datetime | None) -> str:
    return moment(value)


def link(row: models.Model | None, text: Any = None) -> SafeString | str:
    """A link to the row's page; a dash for none."""
    if row is None:
        return NOTHING
    return format_html('<a class="page-link" href="{}">{}</a>', page_of(row), text or row)


def to(href: str, text: Any) -> SafeString:
    return format_html('<a class="page-link" href="{}">{}</a>', href, text)


def label(text: Any, tone: str = "") -> SafeString:
    return format_html('<span class="label label-{}">{}</span>', tone or "plain", text)


def state(code: str, text: Any) -> SafeString:
    """The label of a state, in the tone it has everywhere in the product."""
    return label(text, _TONES[STATES.get(str(code), ("neutral", ""))[0]])


def mono(text: str) -> SafeString:
    """Codes and hashes."""
    return format_html('<span class="mono">{}</span>', text)


def changed(before: int | None, after: int | None) -> SafeString:
    """An amount that would become another."""
    return format_html('<span class="num">{} → {}</span>', yen_text(before), yen_text(after))


def joined(values: Iterable[object]) -> str:
    """Several values in one cell, with the comma of the language between them."""
    return pgettext("between values", ", ").join(str(each) for each in values)

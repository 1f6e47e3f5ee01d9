"""Words for tests of acts: moments on Japanese clocks, refusals, and mail that an act asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from billing_project.errors import Code, Refusal
from billing_project.outbox.builders import Letter, build
from billing_project.outbox.models import Mail

TOKYO = ZoneInfo("Asia/Tokyo")


def at(text: str) -> datetime:
    """`2026-11-01 10:00` in Japan."""
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@contextmanager
def refused(code: Code) -> Iterator[None]:
    """What is inside must be refused with this code."""
    with pytest.raises(Refusal) as refusal:
        yield
    assert refusal.value.code == code
    assert refusal.value.message


def letters(kind: str = "") -> list[Letter]:
    """The letters that have been asked for, as they would be sent now."""
    mails = Mail.objects.filter(kind=kind) if kind else Mail.objects.all()
    return [build(mail) for mail in mails.order_by("pk")]

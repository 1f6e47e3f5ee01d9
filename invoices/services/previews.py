"""What a closing would issue: made for real and rolled back, so that it cannot differ from the real thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db import transaction

from invoices.models import Closing, Document
from invoices.selectors import ClosingFigures, closing_figures, documents_of
from invoices.services.closing import close_now, issue_now

_Answer = TypeVar("_Answer")
SHOWN = 500


@dataclass(frozen=True, slots=True)
class ClosingPreview:
    """The figures of a closing that has not happened, and its first documents, as they would be."""

    figures: ClosingFigures
    documents: tuple[Document, ...]


def preview_closing(*, closes_on: date, shown: int = SHOWN) -> ClosingPreview:
    """What closing and issuing the period would come to with the charges of this moment; changes nothing.

    Also before the period is over. For a closing that is there it tells what its documents are, or would be.
    Keeps charges of the tenant waiting while it works. Raises Refusal `invalid_date` as `close_period` does.
    """
    return rolled_back(lambda: _look(issue_now(close_now(closes_on)), shown))


def rolled_back(act: Callable[[], _Answer]) -> _Answer:
    """What the act answers; what it wrote is undone, also its mails and tasks."""
    with transaction.atomic():
        answer = act()
        transaction.set_rollback(True)
    return answer


def _look(closing: Closing, shown: int) -> ClosingPreview:
    return ClosingPreview(closing_figures(closing), tuple(documents_of(closing)[:shown]))

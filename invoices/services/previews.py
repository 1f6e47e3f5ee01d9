"""What a closing would issue: made for real and rolled back, so that it cannot differ from the real thing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from django.db import transaction

from accounts.models import Customer
from invoices.models import Closing, Document, LeftOut
from invoices.rendering import PrintedDocument, content_of, render, sample_of
from invoices.rendering.merging import joined
from invoices.selectors import ClosingFigures, closing_figures, documents_of
from invoices.services.closing import close_now, issue_now, left_out_of
from invoices.services.issuer import issuer_as_now

_Answer = TypeVar("_Answer")
SHOWN = 500


@dataclass(frozen=True, slots=True)
class ClosingPreview:
    """The figures of a closing that has not happened, and its first documents, as they would be.

    `left_out`: customers whom it could not bill as things stand.
    """

    figures: ClosingFigures
    documents: tuple[Document, ...]
    left_out: tuple[LeftOut, ...]


def preview_closing(*, closes_on: date, shown: int = SHOWN) -> ClosingPreview:
    """What closing and issuing the period would come to with the charges of this moment; changes nothing.

    Also before the period is over. For a closing that is there it tells what its documents are, or would be.
    Keeps charges of the tenant waiting while it works. Raises Refusal `invalid_date` as `close_period` does.
    """
    return rolled_back(lambda: _look(issue_now(close_now(closes_on)), shown))


def preview_of_customer(*, closes_on: date, customer: Customer) -> list[PrintedDocument]:
    """What the closing would send this customer; nothing when there is nothing to bill.

    Bills this customer alone, so that the gate is shut for a moment only.
    """

    def issue() -> Iterable[Document]:
        closing = issue_now(close_now(closes_on), only=[customer.pk])
        return documents_of(closing).filter(customer=customer)

    return preview_documents(issue)


def preview_documents(issue: Callable[[], Iterable[Document]]) -> list[PrintedDocument]:
    """What the documents would print that an act would issue; whatever act, it is undone."""
    return rolled_back(lambda: [as_preview(content_of(document)) for document in issue()])


def as_preview(content: PrintedDocument) -> PrintedDocument:
    """Marked as a preview, without a number: nobody can take it for the document."""
    return replace(content, number="", is_preview=True)


def preview_pdf(contents: Sequence[PrintedDocument]) -> bytes:
    """Previews as one file to look at, without the machine's copy. There must be one at least."""
    pages = [render(as_preview(content)) for content in contents]
    return pages[0] if len(pages) == 1 else joined(pages)


def sample_document() -> PrintedDocument:
    """A made-up bill of this seller, as it would look if it were issued now."""
    return sample_of(issuer_as_now())


def rolled_back(act: Callable[[], _Answer]) -> _Answer:
    """What the act answers; what it wrote is undone, also its mails and tasks."""
    with transaction.atomic():
        answer = act()
        transaction.set_rollback(True)
    return answer


def _look(closing: Closing, shown: int) -> ClosingPreview:
    documents, left_out = tuple(documents_of(closing)[:shown]), tuple(left_out_of(closing))
    return ClosingPreview(closing_figures(closing), documents, left_out)

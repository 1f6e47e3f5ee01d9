"""What happened with a customer, in one list: each room registers strands, and one question braids them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import EmptyPage
from django.db import models
from django.db.models import QuerySet

from billing_project.audit.models import AuditEntry
from billing_project.backoffice import braiding
from billing_project.backoffice.acts import page_of_key
from billing_project.backoffice.braiding import MOMENT, NUMBER, TEXT, Asked
from billing_project.backoffice.words import ACTIONS, JOBS, word
from billing_project.errors import Text

PER_PAGE = 50


@dataclass(frozen=True)
class Strand:
    """Rows of one kind. `rows(customer)` is asked in the tenant's context; `at` is their moment.

    `what`, `code`, `amount` (yen) and `who` name fields or are expressions; `words` says a code. `key` is the
    field with the id of the `model`'s row whose page is linked.
    """

    name: str
    label: Text
    model: type[models.Model]
    rows: Callable[[Any], QuerySet[Any]]
    at: str
    what: Asked = None
    code: Asked = None
    amount: Asked = None
    who: Asked = None
    key: str = "pk"
    words: Mapping[str, Text] | None = None


@dataclass(frozen=True)
class Happening:
    strand: Strand
    href: str
    at: datetime
    what: str
    code: str
    amount: int | None
    who: str

    @property
    def text(self) -> str:
        """The state or act in words, where there is one."""
        return word(self.strand.words or {}, self.code) if self.code else ""


_strands: dict[str, Strand] = {}


def braid(strand: Strand) -> None:
    _strands[strand.name] = strand


def braid_rows(
    name: str,
    label: Text,
    model: type[models.Model],
    *,
    of: str = "customer",
    page: type[models.Model] | None = None,
    **fields: Any,
) -> None:
    """A strand of the rows whose `of` is the customer. They lead to their own pages, or to those of `page`,
    whose id is in the field `key`. The choices of the field `code` are its words.
    """

    def rows(customer: Any) -> QuerySet[Any]:
        return model._default_manager.filter(**{of: customer})

    field: Any = model._meta.get_field(fields["code"]) if "code" in fields else None
    words: dict[str, Text] = dict(field.choices) if field else {}
    braid(Strand(name, label, page or model, rows, words=words, **fields))


def braid_acts(
    name: str, label: Text, model: type[models.Model], *, kind: str, without: Collection[str] = ()
) -> None:
    """A strand of what the audit log has about the customer's rows of the model, which it calls `kind`."""

    def rows(customer: Any) -> QuerySet[Any]:
        own = model._default_manager.filter(customer=customer).values("pk")
        about = AuditEntry.objects.filter(object_kind=kind, object_id__in=own)
        return about.exclude(action__in=without)

    braid(
        Strand(
            name,
            label,
            model,
            rows,
            at="at",
            what="object_label",
            code="action",
            who="actor_label",
            key="object_id",
            words=ACTIONS,
        )
    )


def strands() -> list[Strand]:
    return sorted(_strands.values(), key=lambda each: str(each.label))


def happenings(customer: Any, *, page: int, only: str = "") -> tuple[list[Happening], bool]:
    """A page of what happened, newest first, and whether there is more; `only` names a strand.

    Raises EmptyPage for a page before the first.
    """
    if page < 1:
        raise EmptyPage
    chosen = [_strands[only]] if only in _strands else list(_strands.values())
    asked = [_asked(strand, customer) for strand in chosen]
    start = (page - 1) * PER_PAGE
    types, newest_first = (NUMBER, MOMENT, TEXT, TEXT, NUMBER, TEXT), "3 DESC, 1 DESC, 2 DESC"
    found = braiding.braided(asked, types, order=newest_first, start=start, end=start + PER_PAGE + 1)
    return [_happening(*row) for row in found[:PER_PAGE]], len(found) > PER_PAGE


def _asked(strand: Strand, customer: Any) -> braiding.Strand:
    columns = (strand.key, strand.at, strand.what, strand.code, strand.amount, strand.who)
    return braiding.Strand(strand.name, strand.rows(customer), columns)


def _happening(
    name: str, pk: int, at: datetime, what: str, code: str, amount: int | None, who: str
) -> Happening:
    strand = _strands[name]
    return Happening(strand, page_of_key(strand.model, pk), at, what, code, amount, word(JOBS, who))

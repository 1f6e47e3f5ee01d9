"""What happened with a customer, in one list: each room registers strands, and one question braids them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import EmptyPage
from django.db import models
from django.db.models import BigIntegerField, CharField, F, QuerySet, Value
from django.db.models.expressions import BaseExpression, Combinable
from django.db.models.functions import Cast, Coalesce, Left

from billing_project.audit.models import AuditEntry
from billing_project.backoffice.acts import page_of_key
from billing_project.backoffice.words import ACTIONS, JOBS, word
from billing_project.errors import Text

PER_PAGE = 50
LONGEST = 160
Asked = str | BaseExpression | Combinable | None
_FIELDS = ("braid_strand", "braid_pk", "braid_at", "braid_what", "braid_code", "braid_amount", "braid_who")


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
    first, *others = [_question(strand, customer) for strand in chosen]
    start = (page - 1) * PER_PAGE
    found = first.union(*others, all=True).order_by("-braid_at", "-braid_strand", "-braid_pk")
    rows = [_happening(*row) for row in found[start : start + PER_PAGE + 1]]
    return rows[:PER_PAGE], len(rows) > PER_PAGE


def _question(strand: Strand, customer: Any) -> QuerySet[Any, Any]:
    asked = {
        "braid_strand": Value(strand.name, CharField()),
        "braid_pk": F(strand.key),
        "braid_at": F(strand.at),
        "braid_what": _text(strand.what),
        "braid_code": _text(strand.code),
        "braid_amount": Cast(_expression(strand.amount), BigIntegerField()),
        "braid_who": _text(strand.who),
    }
    return strand.rows(customer).order_by().annotate(**asked).values_list(*_FIELDS)


def _text(what: Asked) -> Coalesce:
    return Coalesce(Left(Cast(_expression(what), CharField()), LONGEST), Value(""))


def _expression(what: Asked) -> Any:
    return F(what) if isinstance(what, str) else Value(None) if what is None else what


def _happening(
    name: str, pk: int, at: datetime, what: str, code: str, amount: int | None, who: str
) -> Happening:
    strand = _strands[name]
    return Happening(strand, page_of_key(strand.model, pk), at, what, code, amount, word(JOBS, who))

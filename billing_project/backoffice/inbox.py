"""What needs a person: each room registers kinds of rows that wait, and one question finds them all.

Whatever fails in the background ends as a row of some kind here: nothing is only logged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import BigIntegerField, CharField, DateTimeField, F, QuerySet, Value
from django.db.models.expressions import BaseExpression, Combinable
from django.db.models.functions import Cast, Coalesce, Left, TruncDate

from billing_project import clock
from billing_project.backoffice.acts import acts_of, page_of_key
from billing_project.backoffice.asking import Ask, count_of
from billing_project.errors import Text

LONGEST = 160
MANY = 10_000
Asked = str | BaseExpression | Combinable | None
_FIELDS = ("waits_kind", "waits_pk", "waits_since", "waits_what", "waits_why", "waits_amount")


@dataclass(frozen=True)
class Kind:
    """Rows that wait for the same reason. `rows()` is asked in the tenant's context.

    `since`, `what`, `why` and `amount` (yen) name fields or are expressions; `say(what)` makes a code a word.
    `key` is the field with the id of the `model`'s row whose page and `acts` are offered.
    """

    code: str
    label: Text
    model: type[models.Model]
    rows: Callable[[], QuerySet[Any]]
    since: str
    what: Asked
    why: Asked = None
    amount: Asked = None
    acts: Sequence[str] = ()
    key: str = "pk"
    tone: str = "warning"
    say: Callable[[str], Any] = str


@dataclass(frozen=True)
class Item:
    """A row that waits, since a day of the tenant's zone."""

    kind: Kind
    pk: int
    since: date
    what: Any
    why: str
    amount: int | None

    @property
    def age(self) -> int:
        """In days."""
        return (clock.today() - self.since).days

    @property
    def href(self) -> str:
        return page_of_key(self.kind.model, self.pk)


_kinds: dict[str, tuple[int, Kind]] = {}


def waits(order: int, kind: Kind) -> None:
    """Registers a kind; `order` is its place among the others."""
    _kinds[kind.code] = (order, kind)


def kinds() -> list[Kind]:
    return [kind for _order, kind in sorted(_kinds.values(), key=lambda each: each[0])]


def counting(kind: Kind) -> Ask:
    return count_of(kind.rows(), MANY)


def waiting(among: Sequence[Kind], start: int, end: int) -> list[Item]:
    """The rows that wait from the `start`th to before the `end`th, the longest waiting first."""
    first, *others = [_question(kind) for kind in among]
    found = first.union(*others, all=True).order_by("waits_since", "waits_kind", "waits_pk")[start:end]
    return [_item(*row) for row in found]


def _question(kind: Kind) -> QuerySet[Any, Any]:
    rows = kind.rows()
    asked = {
        "waits_kind": Value(kind.code, CharField()),
        "waits_pk": F(kind.key),
        "waits_since": _day(rows.model, kind.since),
        "waits_what": _text(kind.what),
        "waits_why": _text(kind.why),
        "waits_amount": Cast(_expression(kind.amount), BigIntegerField()),
    }
    return rows.order_by().annotate(**asked).values_list(*_FIELDS)


def _day(model: type[models.Model], since: str) -> BaseExpression | Combinable:
    is_moment = isinstance(model._meta.get_field(since), DateTimeField)
    return TruncDate(since) if is_moment else F(since)


def _text(what: Asked) -> Coalesce:
    return Coalesce(Left(Cast(_expression(what), CharField()), LONGEST), Value(""))


def _expression(what: Asked) -> Any:
    return F(what) if isinstance(what, str) else Value(None) if what is None else what


def _item(code: str, pk: int, since: date, what: str, why: str, amount: int | None) -> Item:
    kind = _kinds[code][1]
    return Item(kind, pk, since, kind.say(what) or "—", why, amount)


def acts_on(request: Any, item: Item) -> list[dict[str, Any]]:
    """The acts that help, as far as the operator may do them."""
    return [
        {"act": each, "url": page_of_key(item.kind.model, item.pk, each.name)}
        for each in acts_of(item.kind.model)
        if each.name in item.kind.acts and each.allowed(request)
    ]

"""What needs a person: each room registers kinds of rows that wait, and one question finds them all.

Whatever fails in the background ends as a row of some kind here: nothing is only logged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import DateTimeField, QuerySet
from django.db.models.functions import TruncDate

from billing_project import clock
from billing_project.backoffice.acts import acts_of, page_of_key
from billing_project.backoffice.asking import Ask, count_of
from billing_project.backoffice.braiding import DAY, NUMBER, TEXT, Asked, Strand, braided
from billing_project.errors import Text

MANY = 10_000


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


def counting(rows: QuerySet[Any]) -> Ask:
    return count_of(rows, MANY)


def waiting(among: Mapping[str, QuerySet[Any]], start: int, end: int) -> list[Item]:
    """The rows that wait, by the code of their kind, from the `start`th to before the `end`th; the longest
    waiting first.
    """
    strands = [_strand(_kinds[code][1], rows) for code, rows in among.items()]
    found = braided(strands, (NUMBER, DAY, TEXT, TEXT, NUMBER), order="3, 1, 2", start=start, end=end)
    return [_item(*row) for row in found]


def _strand(kind: Kind, rows: QuerySet[Any]) -> Strand:
    is_moment = isinstance(rows.model._meta.get_field(kind.since), DateTimeField)
    since = TruncDate(kind.since) if is_moment else kind.since
    return Strand(kind.code, rows, (kind.key, since, kind.what, kind.why, kind.amount))


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

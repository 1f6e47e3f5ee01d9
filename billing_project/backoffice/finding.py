"""What the search of a list asks for, so that indexes can answer it.

`search_fields` name `^number`, whose beginning is looked for;
`memo`, which holds the word somewhere, for tables that stay short; and `customer` or `document__customer`,
whose ids are looked up first as the room of that row says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Model, Q
from django.db.models.constants import LOOKUP_SEP
from django.utils.text import smart_split, unescape_string_literal

from billing_project.beginnings import anyones_number_begins

IdsLike = Callable[[str], Sequence[int]]
_ids: dict[type[Model], IdsLike] = {}


def found_by(model: type[Model], ids_like: IdsLike) -> None:
    """Registers how the ids of rows are found for a word, when another row's search names them."""
    _ids[model] = ids_like


def words_of(typed: str) -> Iterator[str]:
    """The words; what stands in quotes is one word."""
    for word in smart_split(typed):
        quoted = word[0] in "\"'" and word[0] == word[-1]
        yield unescape_string_literal(word) if quoted else word


def holding(model: type[Model], fields: Iterable[str], word: str) -> Q:
    """Rows of which any of the fields holds the word."""
    return reduce(or_, (_held(model, name, word) for name in fields))


def _held(model: type[Model], name: str, word: str) -> Q:
    if name.startswith("^"):
        return anyones_number_begins(name[1:], word)
    if target := _target(model, name):
        return Q(**{f"{name}__in": _ids[target](word)})
    return Q(**{f"{name}__icontains": word})


def _target(model: Any, path: str) -> type[Model] | None:
    """The model that the path ends at; None when it ends at a field of its own."""
    for part in path.split(LOOKUP_SEP):
        model = model._meta.get_field(part).related_model
    found: type[Model] | None = model
    return found

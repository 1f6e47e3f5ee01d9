"""What can be done to many rows at once; each room registers its own."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db import models

from billing_project.errors import Code, Text


@dataclass(frozen=True)
class Bulk:
    """`perform(row, choice)` calls the service for one row; what it refuses is noted on the row.

    `outside`: it calls somebody else's server, so that no transaction may be open; it opens contexts itself.
    `done_before`: of such an act, what it refuses with when it had been done and the worker died after it.
    """

    code: str
    model: type[models.Model]
    label: Text
    perform: Callable[[Any, dict[str, Any]], Any]
    outside: bool = False
    done_before: Collection[Code] = ()


_bulks: dict[str, Bulk] = {}


def register(bulk: Bulk) -> Bulk:
    _bulks[bulk.code] = bulk
    return bulk


def bulk_of(code: str) -> Bulk:
    """Raises KeyError for one that is not there any more."""
    return _bulks[code]


def label_of(code: str) -> Text:
    return _bulks[code].label if code in _bulks else code

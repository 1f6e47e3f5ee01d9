"""How a mail is written: each room registers a builder per kind of mail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billing_project.outbox.models import Mail


@dataclass(frozen=True)
class Letter:
    recipient: str
    subject: str
    text: str
    html: str


_builders: dict[str, Callable[[Mail], Letter]] = {}


def register(kind: str, builder: Callable[[Mail], Letter]) -> None:
    """`builder(mail)` runs in the tenant's transaction, when the mail is about to be sent."""
    _builders[kind] = builder


def build(mail: Mail) -> Letter:
    return _builders[mail.kind](mail)

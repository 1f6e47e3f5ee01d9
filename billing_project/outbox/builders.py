"""How a mail is written: each room registers a builder per kind of mail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing_project.errors import Text

if TYPE_CHECKING:
    from billing_project.outbox.models import Mail


@dataclass(frozen=True)
class Letter:
    recipient: str
    subject: str
    text: str
    html: str


_builders: dict[str, Callable[[Mail], Letter]] = {}
_optional: dict[str, Text] = {}


def register(kind: str, builder: Callable[[Mail], Letter], *, optional: Text = "") -> None:
    """`builder(mail)` runs in the tenant's transaction, when the mail is about to be sent.

    `optional` says what the mail reminds of, when members may choose to go without it.
    """
    _builders[kind] = builder
    if optional:
        _optional[kind] = optional


def optional_mails() -> dict[str, Text]:
    """The kinds of mail that members may choose to go without, and what they remind of."""
    return dict(_optional)


def build(mail: Mail) -> Letter:
    return _builders[mail.kind](mail)

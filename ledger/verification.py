"""What must always hold of the books. Rooms above register what they know to be equal to the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that does not hold: of which check, of what, what it says and what it should say (yen)."""

    check: str
    subject: str
    found: int
    expected: int

    def __str__(self) -> str:
        return f"{self.check}: {self.subject} is {self.found:,}, should be {self.expected:,}"


Check = Callable[[], Iterable[Difference]]
_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """`check()` runs in the tenant's context and gives what differs, nothing when all is well."""
    _checks[name] = check


def names() -> list[str]:
    return list(_checks)


def verify() -> list[Difference]:
    """Everything that does not hold for the current tenant; an empty list when the books are right."""
    return [difference for check in _checks.values() for difference in check()]

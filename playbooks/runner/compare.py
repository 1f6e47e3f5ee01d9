"""Complete lists against what was found: order does not matter, and what differs is said clearly."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

E = TypeVar("E")
F = TypeVar("F")

Facts = dict[str, Any]
"""What was expected or found, by the names of the file."""


def differences(expected: Facts, found: Facts) -> list[str]:
    """One line for each fact that differs; a map is compared by its own keys."""
    lines: list[str] = []
    for key, value in expected.items():
        actual = found.get(key)
        if isinstance(value, dict) and isinstance(actual, dict):
            inner = {name: actual.get(name, 0) for name in value}
            lines += [f"{key}.{line}" for line in differences(value, inner)]
        elif not _equal(value, actual):
            lines.append(f"{key}: expected {shown(value)}, found {shown(actual)}")
    return lines


def _equal(expected: object, actual: object) -> bool:
    """A tuple of alternatives in `found` is written as a frozenset."""
    return expected in actual if isinstance(actual, frozenset) else expected == actual


def complete_list(name: str, expected: Sequence[Facts], found: Sequence[Facts]) -> list[str]:
    """Pairs what was expected with what was found, and names all that has no counterpart."""
    pairs = _pair(expected, found, lambda one, other: not differences(one, other))
    left = [fact for index, fact in enumerate(found) if index not in pairs.values()]
    lines: list[str] = []
    for index, wanted in enumerate(expected):
        if index not in pairs:
            lines += _explain(f"{name}[{index + 1}]", wanted, left)
    return lines + [f"{name}: not expected, but found {described(fact)}" for fact in left]


def _explain(name: str, wanted: Facts, left: list[Facts]) -> list[str]:
    """Names the differences to the nearest of what is left, and takes that one away."""
    if not left:
        return [f"{name}: expected {described(wanted)}, found nothing like it"]
    nearest = min(left, key=lambda fact: len(differences(wanted, fact)))
    different = differences(wanted, nearest)
    if len(different) >= len(wanted):
        return [f"{name}: expected {described(wanted)}, found nothing like it"]
    left.remove(nearest)
    return [f"{name} {line}" for line in different]


def _pair(left: Sequence[E], right: Sequence[F], fits: Callable[[E, F], bool]) -> dict[int, int]:
    """The largest pairing of two lists (augmenting paths): index on the left → index on the right."""
    taken: dict[int, int] = {}

    def place(one: int, tried: set[int]) -> bool:
        for other in range(len(right)):
            if other not in tried and fits(left[one], right[other]):
                tried.add(other)
                if other not in taken or place(taken[other], tried):
                    taken[other] = one
                    return True
        return False

    for index in range(len(left)):
        place(index, set())
    return {one: other for other, one in taken.items()}


def described(facts: Facts) -> str:
    return (
        "{" + ", ".join(f"{key}: {shown(value)}" for key, value in facts.items() if value is not None) + "}"
    )


def shown(value: object) -> str:
    """A value as a person would write it in the file."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return described(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(shown(item) for item in value) + "]"
    if isinstance(value, frozenset):
        return " / ".join(sorted(shown(item) for item in value if item))
    return f"{value:,}" if isinstance(value, int) else str(value)

"""Small values of a policy that have a code of their own: per payment method, dunning steps.

In JSON and in forms each is one line of text, as in `bd5; card 5+; direct_debit 11+`
or `3 reminder; 20 suspended`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.policy.choices import PaymentMethod, Step
from billing_project.errors import Code, InvalidValue

T = TypeVar("T")
C = TypeVar("C", bound=TextChoices)

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class PerMethod(Generic[T]):
    """A value for every payment method, with other values for some."""

    default: T
    special: tuple[tuple[PaymentMethod, T], ...] = ()

    def get(self, method: PaymentMethod) -> T:
        return dict(self.special).get(method, self.default)

    def __str__(self) -> str:
        return "; ".join([str(self.default), *(f"{method.value} {value}" for method, value in self.special)])


@dataclass(frozen=True, slots=True)
class DunningStep:
    """A step and the number of days after the due date on which it is taken."""

    days: int
    step: Step

    def __str__(self) -> str:
        return f"{self.days} {self.step.value}"


def read_choice(choices: type[C], value: object) -> C:
    """The choice of this code; `next bill` does for `next_bill`. Raises InvalidValue otherwise."""
    code = "_".join(str(value).strip().lower().split())
    if code not in choices.values:
        raise InvalidValue(
            Code.INVALID_POLICY,
            _("“%(text)s” is not one of the choices. Choose from: %(choices)s."),
            text=str(value),
            choices=", ".join(choices.values),
        )
    return choices(code)


def read_per_method(value: object, read: Callable[[Any], T]) -> PerMethod[T]:
    """Reads `bd5; card 5+`, a single value, or a mapping with the key `default`. Raises InvalidValue."""
    if isinstance(value, PerMethod):
        return value
    pairs = list(value.items()) if isinstance(value, Mapping) else _pairs(str(value))
    names = [str(name) for name, _value in pairs]
    if DEFAULT not in names or len(names) != len(set(names)):
        raise InvalidValue(
            Code.INVALID_POLICY,
            _("Write the value for all methods first, then those that differ, for example: bd5; card 5+"),
        )
    values = {name: read(text) for name, text in pairs}
    special = {read_choice(PaymentMethod, name): found for name, found in values.items() if name != DEFAULT}
    return PerMethod(values[DEFAULT], tuple(special.items()))


def _pairs(text: str) -> list[tuple[str, str]]:
    entries = [entry.split(maxsplit=1) for entry in text.split(";") if entry.strip()]
    return [(DEFAULT, words[0]) if len(words) == 1 else (words[0], words[1]) for words in entries]


def read_dunning(value: object) -> tuple[DunningStep, ...]:
    """Reads `3 reminder; 20 suspended`, or a list of such steps, pairs or mappings. Raises InvalidValue."""
    entries = value.split(";") if isinstance(value, str) else value
    if not isinstance(entries, Iterable):
        raise _not_a_step(value)
    return tuple(_read_step(entry) for entry in entries if str(entry).strip())


def _read_step(entry: object) -> DunningStep:
    match entry:
        case DunningStep():
            return entry
        case {"days": days, "step": step} | [days, step]:
            pass
        case str() if len(entry.split()) == 2:
            days, step = entry.split()
        case _:
            raise _not_a_step(entry)
    if not re.fullmatch(r"[0-9]{1,4}", str(days)):
        raise _not_a_step(entry)
    return DunningStep(int(str(days)), read_choice(Step, step))


def _not_a_step(entry: object) -> InvalidValue:
    message = _(
        "“%(text)s” is not a dunning step. Write days after the due date and a step: 3 reminder; 20 suspended"
    )
    return InvalidValue(Code.INVALID_POLICY, message, text=str(entry))

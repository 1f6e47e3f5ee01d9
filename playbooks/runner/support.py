"""Which verbs and keys the product has; the rest of the format is refused before a story begins."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from playbooks.format import Problem, Story
from playbooks.format.document import Path
from playbooks.runner.expectations import KEYS as EXPECTED
from playbooks.runner.verbs import KEYS

NOT_SUPPORTED = "not_supported"
_CUSTOMER = {"ref", "name", "pays", "card", "credit_limit", "payer_names", "members"}
_EXPECTED_CUSTOMER = {"steps", "pays"}


def unsupported(story: Story) -> list[Problem]:
    """What the story uses and the product does not have yet, at its lines."""
    return [story.document.problem(path, "not supported yet") for path in _missing(story)]


def _missing(story: Story) -> Iterator[Path]:
    if story.playbook.partners:
        yield ("partners",)
    for index, customer in enumerate(story.playbook.customers):
        yield from _beyond(customer, _CUSTOMER, ("customers", index))
    for index, step in enumerate(story.playbook.steps):
        path: Path = ("steps", index)
        if step.expect is not None:
            yield from _in_expect(step.expect, (*path, "expect"))
        elif step.refused is not None:
            yield from _in_act(step.refused.verb, step.refused.fields, (*path, "refused"))
        else:
            yield from _in_act(step.verb, step.fields, path)


def _in_act(verb: str, fields: Any, path: Path) -> Iterator[Path]:
    if verb not in KEYS:
        yield (*path, verb)
    elif isinstance(fields, BaseModel):
        yield from _beyond(fields, KEYS[verb], (*path, verb))


def _in_expect(expect: BaseModel, path: Path) -> Iterator[Path]:
    yield from _beyond(expect, EXPECTED, path)
    for ref, customer in (getattr(expect, "customers", None) or {}).items():
        yield from _beyond(customer, _EXPECTED_CUSTOMER, (*path, "customers", ref))


def _beyond(model: BaseModel, known: set[str], path: Path) -> Iterator[Path]:
    yield from ((*path, key) for key in sorted(model.model_fields_set - known))

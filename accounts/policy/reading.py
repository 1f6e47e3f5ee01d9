"""Reads a billing policy from data; what is wrong is refused field by field, in words that say what to do."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from accounts.policy.checks import InvalidPolicy, Problem
from accounts.policy.model import BillingPolicy
from accounts.policy.types import Label
from billing_project.errors import Code, Refusal, Text

_NUMBER = _("Enter a whole number.")
_YES_NO = _("Enter yes or no.")
_MESSAGES: dict[str, Text] = {
    "missing": _("This field is missing. Enter a value."),
    "extra_forbidden": _("There is no such field. Remove it."),
    "too_short": _("Name at least one."),
    "tuple_type": _("Enter a list, separated by commas."),
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_parsing_size": _NUMBER,
    "int_from_float": _NUMBER,
    "bool_type": _YES_NO,
    "bool_parsing": _YES_NO,
    "greater_than_equal": _("Enter {ge} or more."),
    "less_than_equal": _("Enter {le} or less."),
}
_OTHER = _("This value is not valid. Please correct it.")


def read_policy(data: Mapping[str, Any]) -> BillingPolicy:
    """The policy that JSON, a form or a playbook describes, all fields checked alone and together.

    Raises Refusal (`invalid_policy`); its `details["problems"]` is a list of `{field, message}`, so that a
    form can show each beside its field.
    """
    try:
        return BillingPolicy.model_validate(dict(data))
    except ValidationError as error:
        raise _refusal(_problems(error)) from error


def change_policy(policy: BillingPolicy, changes: Mapping[str, Any]) -> BillingPolicy:
    """The policy with some fields changed. Raises Refusal (`invalid_policy`) as `read_policy` does."""
    return read_policy({**policy.to_json(), **changes})


def label_of(field: str) -> Label:
    """What a person reads beside the field. Raises KeyError for a field that does not exist."""
    return next(item for item in BillingPolicy.model_fields[field].metadata if isinstance(item, Label))


def _problems(error: ValidationError) -> list[Problem]:
    return [problem for details in error.errors(include_url=False) for problem in _explained(details)]


def _explained(details: ErrorDetails) -> list[Problem]:
    context = details.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, InvalidPolicy):
        return cause.problems
    field = str(details["loc"][0]) if details["loc"] else ""
    if isinstance(cause, Refusal):
        return [Problem(field, cause.message)]
    return [Problem(field, str(_MESSAGES.get(details["type"], _OTHER)).format(**context))]


def _refusal(problems: list[Problem]) -> Refusal:
    listed = [{"field": problem.field, "message": str(problem.message)} for problem in problems]
    summary = " ".join(f"{_name(problem.field)}: {problem.message}" for problem in problems)
    message = _("The billing policy is not valid. %(summary)s")
    return Refusal(Code.INVALID_POLICY, message, problems=listed, summary=summary)


def _name(field: str) -> str:
    """The field as data calls it, and as the screen does."""
    return f"{label_of(field).label} ({field})" if field in BillingPolicy.model_fields else field

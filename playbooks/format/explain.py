"""Turns pydantic's errors into lines of the file and what was expected there."""

from collections.abc import Iterator
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from playbooks.format.document import Document, Path
from playbooks.format.errors import Problem

_PHRASES = {
    "string_type": "expected text (put it in quotes)",
    "int_type": "expected a whole number",
    "bool_type": "expected true or false",
    "tuple_type": "expected a list",
    "dict_type": "expected a map of keys",
    "model_type": "expected a map of keys",
    "string_too_short": "expected text, found none",
    "too_short": "expected at least one",
}


def problems(error: ValidationError, document: Document, root: type[BaseModel]) -> list[Problem]:
    """One problem a mistake, at its line."""
    details = error.errors(include_url=False)
    return [_problem(detail, document, root) for detail in details if not _follows(detail, document)]


def _follows(detail: ErrorDetails, document: Document) -> bool:
    """A list that is too short only because its items were wrong."""
    return detail["type"] == "too_short" and document.at(detail["loc"]) != []


def _problem(detail: ErrorDetails, document: Document, root: type[BaseModel]) -> Problem:
    path = detail["loc"]
    of_key = path[-1:] == ("[key]",)
    path = path[:-1] if of_key else path
    found = path[-1] if of_key else document.at(path)
    return document.problem(path, _message(detail, path, found, root))


def _message(detail: ErrorDetails, path: Path, found: object, root: type[BaseModel]) -> str:
    kind = detail["type"]
    if kind == "missing":
        return "expected this key; it is missing"
    if kind == "extra_forbidden":
        return f"unknown key; expected one of {', '.join(sorted(_keys(root, path[:-1])))}"
    message = _PHRASES.get(kind) or _phrase(detail)
    complete = "found" in message or isinstance(found, list | dict)
    return message if complete else f"{message}, found {_shown(found)}"


def _phrase(detail: ErrorDetails) -> str:
    if detail["type"] == "literal_error":
        return "expected " + str(detail["ctx"]["expected"]).replace("'", "")
    if detail["type"] == "string_pattern_mismatch":
        return "expected a mail address such as keiri@example.com"
    return detail["msg"].replace("Input should be", "expected").replace("Input should", "expected to")


def _shown(value: object) -> str:
    return "nothing" if value is None else str(value)[:60]


def _keys(root: type[BaseModel], path: Path) -> Iterator[str]:
    model = _model_at(root, path)
    for name, field in model.model_fields.items() if model else ():
        yield field.alias or name


def _model_at(root: Any, path: Path) -> type[BaseModel] | None:
    """The model that stands at `path` below `root`, following maps, lists and optional fields."""
    here = _bare(root)
    for key in path:
        if isinstance(here, type) and issubclass(here, BaseModel):
            field = next((f for n, f in here.model_fields.items() if key in (n, f.alias)), None)
            here = _bare(field.annotation) if field else None
        else:
            arguments = get_args(here)
            here = _bare(arguments[-1] if get_origin(here) is dict else arguments[0]) if arguments else None
    return here if isinstance(here, type) and issubclass(here, BaseModel) else None


def _bare(annotation: Any) -> Any:
    """`X | None` and `Annotated[X, …]` as X."""
    origin = get_origin(annotation)
    if origin in (Union, UnionType):
        return _bare(next(part for part in get_args(annotation) if part is not type(None)))
    if hasattr(annotation, "__metadata__"):
        return _bare(annotation.__origin__)
    return annotation

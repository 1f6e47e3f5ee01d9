"""YAML text to plain values, remembering the line of every key and item.

Only what a story needs of YAML: maps, lists, text, whole numbers, true/false, empty. Dates stay
text and are read by the models; `on` and `no` are words, not booleans. Aliases, duplicate keys and
foreign tags are refused.
"""

import re
from dataclasses import dataclass

import yaml

from playbooks.format.errors import InvalidPlaybook, Problem

Path = tuple[str | int, ...]
Value = None | bool | int | float | str | list["Value"] | dict[str, "Value"]

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 20
_TAGS = (f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null"))
_STR, _INT, _FLOAT, _BOOL, _NULL = _TAGS


class _Loader(yaml.SafeLoader):
    """Resolves scalars as YAML 1.2 does, without dates."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}

    def compose_node(self, parent: yaml.Node | None, index: object) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            message = "expected a value; aliases (*) are not part of a playbook"
            raise yaml.MarkedYAMLError(problem=message, problem_mark=mark)
        return super().compose_node(parent, index)  # type: ignore[arg-type]


for _tag, _pattern, _first in (
    (_BOOL, r"^(?:true|false)$", "tf"),
    (_INT, r"^[-+]?(?:0|[1-9][0-9_]*)$", "-+0123456789"),
    (_FLOAT, r"^[-+]?[0-9]+\.[0-9]+$", "-+0123456789"),
    (_NULL, r"^(?:~|null|)$", ["~", "n", ""]),
):
    _Loader.add_implicit_resolver(_tag, re.compile(_pattern), list(_first))


@dataclass(frozen=True)
class Document:
    """The values of a file, and where each stands (line and column from 1)."""

    value: Value
    places: dict[Path, tuple[int, int]]

    def line(self, path: Path) -> int:
        """The line of `path`, or of the nearest thing around it that is in the file."""
        return self._place(path)[0]

    def problem(self, path: Path, message: str) -> Problem:
        """A mistake that concerns `path`."""
        line, column = self._place(path)
        return Problem(line, dotted(path), message, column)

    def _place(self, path: Path) -> tuple[int, int]:
        while path not in self.places:
            path = path[:-1]
        return self.places[path]

    def at(self, path: Path) -> Value:
        """The value at `path`; None when it is not in the file."""
        value: Value = self.value
        for key in path:
            try:
                value = value[key]  # type: ignore[index]
            except (KeyError, IndexError, TypeError):
                return None
        return value


def read_document(text: str) -> Document:
    """Reads one YAML document; raises InvalidPlaybook with the line of what is not YAML."""
    if len(text) > MAX_CHARACTERS:
        raise InvalidPlaybook([Problem(1, "", f"expected at most {MAX_CHARACTERS:,} characters")])
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        raise InvalidPlaybook([_yaml_problem(error)]) from error
    except yaml.reader.ReaderError as error:
        raise InvalidPlaybook([_control_character(text, int(error.position))]) from error
    except RecursionError as error:
        raise InvalidPlaybook([Problem(1, "", f"expected at most {MAX_DEPTH} levels")]) from error
    if node is None:
        raise InvalidPlaybook([Problem(1, "", "expected title, preset, start and steps; the file is empty")])
    return _Builder().build(node)


def _yaml_problem(error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    message = error.problem or error.context or "not YAML"
    if not message.startswith("expected"):
        message = f"expected YAML: {message}"
    line, column = _place_of(mark) if mark else (1, 1)
    return Problem(line, "", message, column)


def _control_character(text: str, position: int) -> Problem:
    before = text[:position]
    column = position - before.rfind("\n")
    return Problem(before.count("\n") + 1, "", "expected text without control characters", column)


def _place_of(mark: yaml.Mark) -> tuple[int, int]:
    return mark.line + 1, mark.column + 1


class _Builder:
    def __init__(self) -> None:
        self.places: dict[Path, tuple[int, int]] = {}
        self.problems: list[Problem] = []

    def build(self, node: yaml.Node) -> Document:
        self.places[()] = _place_of(node.start_mark)
        value = self._value(node, ())
        if self.problems:
            raise InvalidPlaybook(self.problems)
        return Document(value, self.places)

    def _value(self, node: yaml.Node, path: Path) -> Value:
        if len(path) > MAX_DEPTH:
            self._problem(node, path, f"expected at most {MAX_DEPTH} levels")
            return None
        if isinstance(node, yaml.MappingNode):
            return self._map(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._item(item, (*path, index)) for index, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _map(self, node: yaml.MappingNode, path: Path) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._problem(key_node, path, "expected a word as key")
                continue
            key = key_node.value
            if key in values:
                self._problem(key_node, (*path, key), f"expected each key once; “{key}” stands here again")
            self.places[(*path, key)] = _place_of(key_node.start_mark)
            values[key] = self._value(value_node, (*path, key))
        return values

    def _item(self, node: yaml.Node, path: Path) -> Value:
        self.places[path] = _place_of(node.start_mark)
        return self._value(node, path)

    def _scalar(self, node: yaml.Node, path: Path) -> Value:
        text = str(node.value)
        if node.tag == _STR:
            return text
        if node.tag == _INT and len(text) <= 30:
            return int(text.replace("_", ""))
        if node.tag == _FLOAT:
            return float(text)
        if node.tag == _BOOL:
            return text == "true"
        if node.tag == _NULL:
            return None
        self._problem(node, path, f"expected text, a whole number, true or false, found {text[:40]}")
        return None

    def _problem(self, node: yaml.Node, path: Path, message: str) -> None:
        line, column = _place_of(node.start_mark)
        self.problems.append(Problem(line, dotted(path), message, column))


def dotted(path: Path) -> str:
    """`("steps", 3, "order")` as a person reads it: `steps[4].order`, counted from 1."""
    words = "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in path)
    return words.lstrip(".")

"""What came of a story: whether it held, what differed, and all that happened."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from playbooks.format.errors import Problem

EventKind = Literal["step", "job", "document", "mail", "entry"]


@dataclass(frozen=True)
class Event:
    """One thing that happened; `at` is in the tenant's zone, `facts` are JSON values."""

    at: datetime
    kind: EventKind
    line: int
    title: str
    facts: dict[str, Any] = field(default_factory=dict)


class StoryFailed(Exception):  # noqa: N818
    """A step did not go as the story says; each message names what was expected and what was found."""

    def __init__(self, *messages: str) -> None:
        self.messages = messages
        super().__init__("\n".join(messages))


@dataclass(frozen=True)
class Outcome:
    """The result of one file. `problems` is empty when the story holds; `code` says why it did not run."""

    file: str
    title: str = ""
    rules: tuple[str, ...] = ()
    steps: int = 0
    problems: tuple[Problem, ...] = ()
    code: str = ""
    events: tuple[Event, ...] = ()
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        return not self.problems

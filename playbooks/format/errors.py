"""What is wrong with a playbook file, and where."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake: line and column (from 1; 0 is not known), the key it concerns, what was expected there."""

    line: int
    path: str
    message: str
    column: int = 0

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        return f"line {self.line}: {where}{self.message}"


class InvalidPlaybook(Exception):  # noqa: N818
    """A file that cannot be run. `code` tells programs why; `problems` are in the order of the file."""

    def __init__(self, problems: Iterable[Problem], code: str = "invalid_playbook") -> None:
        self.problems = tuple(sorted(problems))
        self.code = code
        super().__init__("\n".join(str(problem) for problem in self.problems))

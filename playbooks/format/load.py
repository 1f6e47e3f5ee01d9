"""From a file to a story that can be run."""

from dataclasses import dataclass
from pathlib import Path as FilePath

from pydantic import ValidationError

from playbooks.format.document import Document, read_document
from playbooks.format.errors import InvalidPlaybook, Problem
from playbooks.format.explain import problems
from playbooks.format.offers import check_offers
from playbooks.format.playbook import Playbook, Step
from playbooks.format.references import check_references


@dataclass(frozen=True)
class Story:
    """A valid playbook together with the lines of its parts."""

    playbook: Playbook
    document: Document

    def line(self, *path: str | int) -> int:
        return self.document.line(path)

    def steps(self) -> list[tuple[int, Step]]:
        """Each step with the line it begins on."""
        return [(self.line("steps", index), step) for index, step in enumerate(self.playbook.steps)]


def load_file(path: FilePath | str) -> Story:
    """Reads a playbook from disk; raises InvalidPlaybook when it cannot be read or is none."""
    try:
        text = FilePath(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InvalidPlaybook(
            [Problem(1, "", f"expected a file that can be read: {error.strerror}")]
        ) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise InvalidPlaybook([Problem(line, "", "expected text in UTF-8")]) from error
    return load_text(text)


def load_text(text: str) -> Story:
    """Reads a playbook; raises InvalidPlaybook with every problem that could be found, each at its line."""
    document = read_document(text)
    try:
        playbook = Playbook.model_validate(document.value)
    except ValidationError as error:
        raise InvalidPlaybook(problems(error, document, Playbook)) from error
    if found := [*check_references(playbook, document), *check_offers(playbook, document)]:
        raise InvalidPlaybook(found)
    return Story(playbook, document)

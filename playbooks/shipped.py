"""The stories that come with the product, to pick from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

from playbooks.format import load_text
from playbooks.format.playbook import Playbook

FOLDER = Path(__file__).parent / "stories"


@dataclass(frozen=True)
class Shipped:
    name: str
    text: str
    playbook: Playbook

    @property
    def title(self) -> str:
        return self.playbook.title_in(get_language())


@cache
def shipped_stories() -> dict[str, Shipped]:
    """Each by its name, in the order of the rules."""
    return {file.stem: _read(file) for file in sorted(FOLDER.glob("*.yaml"))}


def _read(file: Path) -> Shipped:
    text = file.read_text(encoding="utf-8")
    return Shipped(file.stem, text, load_text(text).playbook)

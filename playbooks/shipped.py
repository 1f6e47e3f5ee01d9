"""The stories that come with the product, to pick from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from playbooks.format import load_text

FOLDER = Path(__file__).parent / "stories"


@dataclass(frozen=True)
class Shipped:
    name: str
    title: str
    rules: tuple[str, ...]
    text: str


@cache
def shipped_stories() -> dict[str, Shipped]:
    """Each by its name, in the order of the rules."""
    return {file.stem: _read(file) for file in sorted(FOLDER.glob("*.yaml"))}


def _read(file: Path) -> Shipped:
    text = file.read_text(encoding="utf-8")
    playbook = load_text(text).playbook
    return Shipped(file.stem, playbook.title, tuple(playbook.rules), text)

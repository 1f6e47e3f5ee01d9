"""Reads a PDF as its reader would, with poppler."""

import re
import subprocess
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple


def text_of(pdf: bytes) -> str:
    """All text in reading order; the cells of a row stand on one line with one blank between them."""
    return re.sub(r"[ ]+", " ", _poppler("pdftotext", pdf, "-raw", after=("-",)))


def overlaps_of(pdf: bytes) -> list[tuple[str, str]]:
    """Pairs of words whose boxes share more than a sliver: text printed over text."""
    found: list[tuple[str, str]] = []
    for page in _poppler("pdftotext", pdf, "-bbox", after=("-",)).split("</page>"):
        boxes = sorted(map(_box, _WORD.findall(page)))
        found += [(one.text, other.text) for one, other in combinations(boxes, 2) if one.overlaps(other)]
    return found


_WORD = re.compile(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
_SLIVER = 1.5


class Box(NamedTuple):
    """Where a word stands, in points."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    def overlaps(self, other: "Box") -> bool:
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > _SLIVER and down > _SLIVER


def _box(found: tuple[str, str, str, str, str]) -> Box:
    left, top, right, bottom, text = found
    return Box(float(left), float(top), float(right), float(bottom), text)


def facts_of(pdf: bytes) -> dict[str, str]:
    """What `pdfinfo` says."""
    pairs = (line.split(":", 1) for line in _poppler("pdfinfo", pdf).splitlines() if ":" in line)
    return {name: value.strip() for name, value in pairs}


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page."""
    return text_of(pdf).split("\f")[:-1]


def fonts_of(pdf: bytes) -> list[str]:
    """The rows of `pdffonts`."""
    return _poppler("pdffonts", pdf).splitlines()[2:]


def _poppler(program: str, pdf: bytes, *options: str, after: tuple[str, ...] = ()) -> str:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "document.pdf"
        path.write_bytes(pdf)
        command = [program, *options, str(path), *after]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

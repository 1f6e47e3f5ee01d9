"""Pages as pictures, compared with how they looked when a person last approved of them.

python -m tests.pdf.golden      makes the golden pictures and those of docs/ anew; then look at each
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageChops, ImageFilter

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).parent / "golden"
PICTURES = ROOT / "docs/pictures"
DIFFERENCES = ROOT / ".local/golden"
DPI, PICTURE_DPI = 60, 100
TILE = 8
# Of 255, within a tile: letters drawn a third of a pixel aside stay below, a figure that is missing does not.
TOLERANCE = 26


def pages(pdf: bytes, dpi: int = DPI, *options: str) -> list[Image.Image]:
    """Every page, as poppler draws it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "document.pdf"
        path.write_bytes(pdf)
        command = ["pdftoppm", "-png", "-r", str(dpi), *options, str(path), str(path.with_suffix(""))]
        subprocess.run(command, check=True, capture_output=True)
        drawn = sorted(Path(folder).glob("*.png"))
        return [Image.open(BytesIO(each.read_bytes())).convert("RGB") for each in drawn]


def first_page(pdf: bytes, dpi: int = DPI) -> Image.Image:
    [page] = pages(pdf, dpi, "-singlefile")
    return page


@dataclass(frozen=True)
class Difference:
    """How far two pages are apart: the worst tile (0 to 255), and a picture that shows where."""

    worst: int
    picture: Image.Image

    @property
    def is_small(self) -> bool:
        return self.worst <= TOLERANCE


def difference(got: Image.Image, wanted: Image.Image) -> Difference:
    """Both softened, then compared tile by tile; pages of different size are as far apart as can be."""
    if got.size != wanted.size:
        return Difference(255, got)
    apart = ImageChops.difference(_soft(got), _soft(wanted))
    worst = max(apart.reduce(TILE).tobytes())
    return Difference(worst, ImageChops.invert(apart.point(lambda value: min(255, value * 4))))


def _soft(page: Image.Image) -> Image.Image:
    return page.convert("L").filter(ImageFilter.GaussianBlur(1.2))


def names_of(name: str, count: int) -> list[str]:
    """Of the golden pictures of a document: its name, and its name with a number from the second page on."""
    return [name, *(f"{name}-{number}" for number in range(2, count + 1))]


def goldens_of(name: str) -> list[str]:
    """The names of the pictures there are."""
    return names_of(name, 1 + len(list(GOLDEN.glob(f"{name}-*.png"))))


def golden(name: str) -> Image.Image:
    return Image.open(GOLDEN / f"{name}.png").convert("RGB")


def keep(name: str, got: Image.Image, apart: Difference) -> str:
    """Writes what was got, wanted and how they differ side by side, and says where and what to do."""
    DIFFERENCES.mkdir(parents=True, exist_ok=True)
    path = DIFFERENCES / f"{name}.png"
    sheet = Image.new("RGB", (got.width * 3, got.height), "white")
    for place, picture in enumerate((got, golden(name), apart.picture)):
        sheet.paste(picture, (place * got.width, 0))
    sheet.save(path)
    return (
        f"{name} looks different ({apart.worst} > {TOLERANCE}): see {path} (got, wanted, difference)."
        f" If that is meant: python -m tests.pdf.golden. Drawn with {_font()}, which bin/setup installs;"
        f" another version of it may differ."
    )


def _font() -> str:
    command = ["fc-match", "--format=%{family} %{fontversion} %{file}", "BIZ UDPGothic"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def remake() -> None:
    from invoices.rendering import render
    from tests.pdf.gallery import GALLERY, OTHERS

    GOLDEN.mkdir(exist_ok=True)
    PICTURES.mkdir(exist_ok=True)
    for old in GOLDEN.glob("*.png"):
        old.unlink()
    for name, make in {**GALLERY, **OTHERS}.items():
        pdf = render(make())
        drawn = pages(pdf)
        for each, page in zip(names_of(name, len(drawn)), drawn, strict=True):
            page.convert("L").quantize(16).save(GOLDEN / f"{each}.png", optimize=True)
        if name in GALLERY:
            shown = first_page(pdf, PICTURE_DPI).quantize(48, dither=Image.Dither.NONE)
            shown.save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing_project.settings")
    import django

    django.setup()
    remake()

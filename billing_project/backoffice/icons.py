"""The icons of the admin: a font of those that are used, made of the whole one that comes with unfold."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import unfold
from django.conf import settings
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from billing_project.backoffice.acts import every_act
from billing_project.backoffice.sidebar import NAVIGATION
from billing_project.unfold_config import UNFOLD

FONT = "unfold/fonts/material-symbols/Material-Symbols-Outlined.woff2"
"""Of static files: what stands there in the project is served in place of unfold's."""

_UNFOLD = Path(unfold.__file__).parent
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_"
_SPAN = re.compile(r"""material-symbols-outlined[^"<>]*"(?:[^<>"]|"[^"]*")*>([^<]*)<""")
_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_NAME = re.compile(r"[a-z0-9_]+")
_GIVEN = re.compile(r"""\bicon=["']([a-z0-9_]+)["']""")
_DRAWN = re.compile(r'content:"([a-z0-9_]+)"')


def icons_in_use() -> set[str]:
    """Names of all icons that the admin may show: of navigation and acts, in templates and styles."""
    return {
        UNFOLD["SITE_SYMBOL"],
        *(page["icon"] for group in NAVIGATION for page in group["items"]),
        *(act.icon for act in every_act()),
        *_written(settings.BASE_DIR / "templates"),
        *_written(_UNFOLD),
        *_GIVEN.findall((_UNFOLD / "sites.py").read_text()),
        *_DRAWN.findall((_UNFOLD / "static/unfold/css/styles.css").read_text()),
    }


def _written(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*.html"):
        text = path.read_text()
        yield from _GIVEN.findall(text)
        for inside in _SPAN.findall(_CODE.sub(" ", text)):
            yield from _NAME.findall(inside)


def whole_font() -> TTFont:
    """The font that comes with unfold: some 4,000 icons, 290 kB."""
    return TTFont(_UNFOLD / "static" / FONT)


def drawn_by(font: TTFont) -> dict[str, str]:
    """Which glyph a name becomes: names are written as text, and the font draws each as one sign."""
    letters = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
    found = {}
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            for first, ligatures in getattr(table, "ExtSubTable", table).ligatures.items():
                for each in ligatures:
                    name = "".join(letters.get(part, "?") for part in (first, *each.Component))
                    found[name.lower()] = each.LigGlyph
    return found


def font_of(names: Collection[str]) -> bytes:
    """A woff2 of these icons. Raises ValueError for a name that the whole font does not have."""
    font = whole_font()
    glyphs = drawn_by(font)
    if unknown := sorted(set(names) - set(glyphs)):
        raise ValueError(f"The font has no icon named {', '.join(unknown)}.")
    subsetter = Subsetter(_options())
    subsetter.populate(text=_LETTERS, glyphs=[glyphs[name] for name in names])
    subsetter.subset(font)
    return _woff2(font)


def _options() -> Options:
    # Without the closure: all icons are made of the same letters, so each would bring in all others.
    options: Any = Options()
    options.layout_closure = False
    options.layout_features = ["*"]
    options.drop_tables += ["FFTM"]
    return options


def _woff2(font: TTFont) -> bytes:
    font.flavor = "woff2"
    file = BytesIO()
    font.save(file)
    return file.getvalue()

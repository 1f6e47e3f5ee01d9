"""Names as people bear them: printed as they are, or marked as missing, never an empty box."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest

from invoices.rendering import render
from invoices.rendering.characters import GETA, legible
from invoices.rendering.content import PrintedDocument
from tests.pdf.golden import first_page
from tests.rendering import documents
from tests.rendering.reading import fonts_of, text_of

NAMES = "髙﨑𠮟𠮷①㈱神瀨德"
EMOJI = "😀"


def named(name: str) -> PrintedDocument:
    invoice = documents.invoice()
    return replace(invoice, addressee=replace(invoice.addressee, company=name), notes=name)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render(named(f"{NAMES}商店{EMOJI}"))


def test_rare_characters_come_back_as_they_were(pdf: bytes) -> None:
    assert f"{NAMES}商店{GETA} 御中" in text_of(pdf)
    assert EMOJI not in text_of(pdf)


def test_their_fonts_are_embedded_and_only_those_needed(pdf: bytes) -> None:
    rows = [row.split() for row in fonts_of(pdf)]
    assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in rows)
    assert any("Noto-Sans-CJK" in row[0] for row in rows)
    usual = fonts_of(render(documents.invoice()))
    assert not any("Noto" in row for row in usual)


def test_no_empty_box_is_drawn(pdf: bytes) -> None:
    """Glyph 0 is the box of a font for what it lacks; PDF/A forbids it."""
    assert 0 not in _glyphs(pdf)
    page = first_page(pdf, 150)
    name = page.crop((120, 200, 600, 300)).convert("L")
    assert min(name.tobytes()) < 60


def _glyphs(pdf: bytes) -> set[int]:
    """The numbers of all glyphs shown: two bytes each."""
    found: set[int] = set()
    with pikepdf.open(BytesIO(pdf)) as file:
        for page in file.pages:
            for instruction in pikepdf.parse_content_stream(page, "Tj TJ"):
                for text in _strings(instruction.operands):
                    shown = bytes(text)
                    found.update(int.from_bytes(shown[at : at + 2]) for at in range(0, len(shown), 2))
    assert found
    return found


def _strings(operands: object) -> list[pikepdf.String]:
    found: list[pikepdf.String] = []
    for operand in operands:  # type: ignore[attr-defined]
        if isinstance(operand, pikepdf.String):
            found.append(operand)
        elif isinstance(operand, pikepdf.Array):
            found += _strings(operand)
    return found


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("株式会社アクメ", "株式会社アクメ"),
        ("髙﨑", "髙﨑"),
        ("か\u3099んは\u309a", "がんぱ"),
        ("葛\U000e0100城", "葛城"),
        ("👍🏽です", "〓です"),
        ("สวัสดี", "〓〓〓〓〓〓"),
        ("\ufeffA\u200bB", "AB"),
        ("神は神", "神は神"),
    ],
    ids=["plain", "rare", "split kana", "variant", "emoji", "other script", "invisible", "old form"],
)
def test_what_is_printed(text: str, printed: str) -> None:
    assert legible(text) == printed

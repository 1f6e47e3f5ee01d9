"""Each kind of document still looks as it did when a person last looked at it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PIL import Image, ImageChops

from invoices.rendering import pdf as renderer
from invoices.rendering import render
from tests.pdf.gallery import GALLERY, monthly_bill, with_look
from tests.pdf.golden import difference, first_page, golden, keep


@pytest.mark.parametrize("name", GALLERY)
def test_it_looks_as_it_did(name: str) -> None:
    got = first_page(render(GALLERY[name]()))
    apart = difference(got, golden(name))
    assert apart.is_small, keep(name, got, apart)


def test_letters_a_fraction_aside_are_the_same() -> None:
    page = golden("invoice")
    by = (1, 0, 0.3, 0, 1, 0.3)
    aside = page.transform(page.size, Image.Transform.AFFINE, by, Image.Resampling.BILINEAR)
    assert difference(aside, page).is_small


def test_a_block_four_pixels_aside_is_not() -> None:
    page = golden("invoice")
    assert not difference(ImageChops.offset(page, 0, 4), page).is_small


@pytest.mark.parametrize(
    "changes",
    [
        {"taxes": ()},
        {"amount_to_pay": 1},
        {"payment_method": ""},
    ],
    ids=["no rates", "another sum", "a missing fact"],
)
def test_what_is_missing_or_other_is_seen(changes: dict[str, object]) -> None:
    page = first_page(render(replace(with_look(monthly_bill()), **changes)))  # type: ignore[arg-type]
    assert not difference(page, golden("invoice")).is_small


@pytest.mark.parametrize("part", ["logo", "seal"])
def test_a_missing_picture_is_seen(part: str) -> None:
    document = with_look(monthly_bill())
    without: dict[str, Any] = {part: None}
    bare = replace(document, issuer=replace(document.issuer, **without))
    assert not difference(first_page(render(bare)), golden("invoice")).is_small


def test_a_missing_column_is_seen() -> None:
    html = renderer.document_html(with_look(monthly_bill()))
    without = html.replace('<td class="unit">枚', '<td class="unit">')
    assert html != without
    page = first_page(renderer.html_to_pdf(without))
    assert not difference(page, golden("invoice")).is_small

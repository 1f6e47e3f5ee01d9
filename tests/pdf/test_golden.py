"""Each kind of document still looks as it did when a person last looked at it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PIL import Image, ImageChops

from invoices.rendering import pdf as renderer
from invoices.rendering import render
from invoices.rendering.samples import sample_invoice
from tests.pdf.gallery import GALLERY, OTHERS, monthly_bill, several_pages, with_look
from tests.pdf.golden import difference, first_page, golden, goldens_of, keep, pages

EVERY = {**GALLERY, **OTHERS}


@pytest.mark.parametrize("name", EVERY)
def test_every_page_looks_as_it_did(name: str) -> None:
    got = pages(render(EVERY[name]()))
    names = goldens_of(name)
    assert len(got) == len(names)
    for each, page in zip(names, got, strict=True):
        apart = difference(page, golden(each))
        assert apart.is_small, keep(each, page, apart)


def test_a_document_of_several_pages_has_one_of_each_sort() -> None:
    """First, between, and last; texts that wrap go on to a second page."""
    assert (len(goldens_of("several_pages")), len(goldens_of("long_texts"))) == (4, 2)


def test_a_line_that_is_missing_on_the_last_page_is_seen() -> None:
    *_others, last = pages(render(with_look(sample_invoice(99))))
    assert not difference(last, golden("several_pages-4")).is_small


def test_a_head_that_is_not_repeated_is_seen() -> None:
    html = renderer.document_html(with_look(several_pages()))
    once = html.replace("<thead>", "<tbody>", 1).replace("</thead>", "</tbody>", 1)
    assert html != once
    second = pages(renderer.html_to_pdf(once))[1]
    assert not difference(second, golden("several_pages-2")).is_small


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

"""Long documents, long texts, and that one file is one file for ever."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from invoices.rendering import render
from invoices.rendering.content import BankAccount, PrintedDocument
from invoices.rendering.samples import sample_invoice
from tests.rendering import documents
from tests.rendering.reading import facts_of, overlaps_of, pages_of, text_of

ROOT = Path(__file__).resolve().parents[2]
HEAD = "取引日 内容 数量 単位 単価(税抜) 金額(税抜) 税率"
LONG_NAME = "とても長い会社名" * 25
UNBROKEN = "W" * 200


@pytest.mark.parametrize(("lines", "pages"), [(1, 1), (8, 1), (60, 3)])
def test_page_counts(lines, pages):
    assert facts_of(render(sample_invoice(lines)))["Pages"] == str(pages)


def test_every_page_repeats_the_head_and_says_which_it_is():
    pages = pages_of(render(sample_invoice(60)))
    assert all(HEAD in page.splitlines() for page in pages)
    assert [page.splitlines()[-1] for page in pages] == ["1 / 3", "2 / 3", "3 / 3"]
    running = "請求書 I2026-000123 株式会社日新薬局 御中"
    assert [running in page.splitlines() for page in pages] == [False, True, True]


def test_two_thousand_lines_are_all_there():
    document = sample_invoice(2_000)
    pages = pages_of(render(document))
    assert 50 <= len(pages) <= 70
    rows = [line for page in pages for line in page.splitlines() if line.startswith("2026/10/")]
    assert len(rows) == 2_000
    assert f"合計(税込) {document.total:,}円" in pages[-1].splitlines()


def test_long_texts_are_whole_and_do_not_run_into_each_other():
    pdf = render(long_document())
    text = "".join(body_of(page, number) for number, page in enumerate(pages_of(pdf)))
    assert text.count("とても長い会社名") == 10 * 25
    assert text.count("W") == 200
    assert overlaps_of(pdf) == []


@pytest.mark.parametrize("make", documents.EVERY_KIND)
def test_nothing_is_printed_over_anything(make):
    assert overlaps_of(render(make())) == []


def test_sums_of_a_hundred_billion_yen_have_room():
    invoice = documents.invoice()
    line = replace(invoice.lines[0], quantity=-100_000, unit_price=999_999, amount=-99_999_900_000)
    document = replace(invoice, lines=(line, *invoice.lines[1:]), amount_to_pay=99_999_900_000)
    pdf = render(document)
    assert overlaps_of(pdf) == []
    assert "▲100,000 枚 999,999 ▲99,999,900,000 10%" in text_of(pdf)
    assert "ご請求金額(税込) 99,999,900,000円" in text_of(pdf)


def long_document() -> PrintedDocument:
    invoice = documents.invoice()
    return replace(
        invoice,
        addressee=replace(documents.ADDRESSEE, company=LONG_NAME, contact=LONG_NAME, address=LONG_NAME),
        issuer=replace(
            documents.ISSUER,
            name=LONG_NAME,
            address=LONG_NAME,
            bank_accounts=(BankAccount(LONG_NAME, LONG_NAME, "普通", "1234567", LONG_NAME),),
        ),
        lines=(
            replace(invoice.lines[0], description=LONG_NAME),
            replace(invoice.lines[1], description=UNBROKEN),
        ),
        notes=LONG_NAME,
    )


def body_of(page: str, number: int) -> str:
    """The text of a page without running head, page number and blanks."""
    lines = page.splitlines()
    return "".join("".join(lines[: -2 if number else -1]).split())


@pytest.mark.parametrize("make", [documents.invoice, documents.return_invoice, documents.payment_statement])
def test_same_content_gives_the_same_bytes(make):
    before = render(make())
    render(sample_invoice(3))
    assert render(make()) == before


def test_another_process_gives_the_same_bytes():
    program = (
        "import django, hashlib, sys; django.setup();"
        "from invoices.rendering import render;"
        "from invoices.rendering.samples import sample_invoice;"
        "sys.stdout.write(hashlib.sha256(render(sample_invoice(8))).hexdigest())"
    )
    other = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "billing_project.settings",
            "PYTHONHASHSEED": "1",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout == hashlib.sha256(render(sample_invoice(8))).hexdigest()


def test_other_content_gives_other_bytes():
    invoice = documents.invoice()
    assert render(replace(invoice, number="I2026-000999")) != render(invoice)


def test_negative_sums_are_marked_and_positive_ones_are_not():
    printed = text_of(render(documents.return_invoice()))
    assert "▲1 枚 30,000 ▲30,000 10%" in printed
    assert "-30,000" not in printed

"""The reader of sales files: clean files give their rows."""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.policy.choices import TaxCategory
from orders.sales_file import COLUMNS, SaleRow, read_sales_file, write_sales_file

from .files import GOOD, HEADER, line, sales_file


def test_the_columns_are_those_of_the_header() -> None:
    assert ",".join(COLUMNS) == HEADER


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_every_encoding_gives_the_same_row(encoding: str, end: str) -> None:
    found = read_sales_file(f"{HEADER}{end}{GOOD}{end}".encode(encoding))
    assert found.errors == ()
    assert found.rows == (
        SaleRow(
            line=2,
            number="S1",
            delivered_on=date(2026, 10, 30),
            customer_code="C1",
            company_name="青葉商会株式会社",
            contact_name="山根 透",
            email="keiri@aoba.example",
            postcode="100-0005",
            address="東京都千代田区丸の内1-1-1",
            sku="DV-1Y",
            product_name="ドメイン認証SSL 1年",
            quantity=2,
            unit_price=30000,
            tax_category=TaxCategory.STANDARD,
        ),
    )
    assert found.rows[0].amount == 60000


def test_the_last_line_needs_no_end_and_empty_lines_say_nothing() -> None:
    found = read_sales_file(f"{HEADER}\r\n\r\n{GOOD}".encode("cp932"))
    assert [row.line for row in found.rows] == [3]
    assert found.errors == ()


def test_a_quoted_value_may_hold_commas_and_quotation_marks() -> None:
    quoted = line(c8='"千代田区1-1, ""丸""ビル"')
    assert read_sales_file(sales_file(quoted)).rows[0].address == '千代田区1-1, "丸"ビル'


def test_space_around_a_value_is_no_part_of_it() -> None:
    assert read_sales_file(sales_file(line(c3=" C1 ", c5="\u3000山根\u3000"))).rows[0][3:6] == (
        "C1",
        "青葉商会株式会社",
        "山根",
    )


@pytest.mark.parametrize("text", ["2026/10/05", "2026/10/5", "2026-10-05"])
def test_dates_as_spreadsheets_write_them(text: str) -> None:
    assert read_sales_file(sales_file(line(c2=text))).rows[0].delivered_on == date(2026, 10, 5)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("課税10%", "standard"),
        ("軽減8%", "reduced"),
        ("非課税", "exempt"),
        ("不課税", "out_of_scope"),
        ("免税", "zero"),
    ],
)
def test_tax_classes(text: str, category: str) -> None:
    assert read_sales_file(sales_file(line(c13=text))).rows[0].tax_category == category


def test_free_goods_and_empty_addresses_pass() -> None:
    [row] = read_sales_file(sales_file(line(c12="0", c7="", c8=""))).rows
    assert (row.unit_price, row.postcode, row.address) == (0, "", "")


@pytest.mark.parametrize("text", ["1000005", "100-0005"])
def test_a_postcode_has_one_form(text: str) -> None:
    assert read_sales_file(sales_file(line(c7=text))).rows[0].postcode == "100-0005"


def test_the_hash_is_that_of_the_file() -> None:
    # sha256 of no bytes at all, as every table of test vectors has it.
    expected = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert read_sales_file(b"").sha256 == expected


_text = st.text(st.characters(codec="cp932", categories=["L", "N"]), min_size=1, max_size=30)


_rows = st.builds(
    SaleRow,
    line=st.just(0),
    number=st.uuids().map(str),
    delivered_on=st.dates(date(2019, 10, 1), date(2099, 12, 31)),
    customer_code=_text,
    company_name=_text.map(lambda text: f'{text}, "{text}"'),
    contact_name=_text,
    email=st.from_regex(r"\A[a-z]{1,20}@[a-z]{1,20}\.example\Z"),
    postcode=st.from_regex(r"\A(|[0-9]{3}-[0-9]{4})\Z"),
    address=st.just("") | _text,
    sku=_text,
    product_name=_text,
    quantity=st.integers(1, 1000),
    unit_price=st.integers(0, 999_999_999),
    tax_category=st.sampled_from(list(TaxCategory)),
)


@settings(deadline=None)
@given(st.lists(_rows, min_size=1, unique_by=lambda row: row.number), st.sampled_from(["cp932", "utf-8-sig"]))
def test_what_is_written_is_read(rows: list[SaleRow], encoding: str) -> None:
    found = read_sales_file(write_sales_file(rows, encoding=encoding))
    assert found.errors == ()
    assert [row.content for row in found.rows] == [row.content for row in rows]


@settings(deadline=None)
@given(st.binary(max_size=200), st.booleans())
def test_no_bytes_raise(content: bytes, with_header: bool) -> None:
    found = read_sales_file(HEADER.encode("cp932") + b"\r\n" + content if with_header else content)
    assert found.rows or found.errors


def test_a_real_month_reads_clean(shared_sales: Path) -> None:
    content = (shared_sales / "sales-2026-10.csv").read_bytes()
    found = read_sales_file(content)
    assert found.errors == ()
    assert len(found.rows) == 2255
    assert write_sales_file(found.rows) == content
    text = content.decode("cp932")
    assert read_sales_file(text.encode("utf-8")).rows == found.rows
    assert read_sales_file(text.encode("utf-8-sig")).rows == found.rows


def test_the_rows_of_a_real_month_add_up_to_what_is_expected(shared_sales: Path) -> None:
    found = read_sales_file((shared_sales / "sales-2026-10.csv").read_bytes())
    nets: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in found.rows:
        if row.delivered_on <= date(2026, 10, 31):
            nets[row.customer_code][row.tax_category] += row.amount
    with (shared_sales / "sales-2026-10.expected.csv").open(encoding="utf-8-sig") as lines:
        for wanted in csv.DictReader(lines):
            net = nets.pop(wanted["customer"])
            assert net["standard"] == int(wanted["net_standard"])
            assert net["reduced"] == int(wanted["net_reduced"])
            assert net["exempt"] + net["out_of_scope"] == int(wanted["net_untaxed"])
    assert not nets

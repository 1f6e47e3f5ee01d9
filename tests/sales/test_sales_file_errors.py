"""The reader of sales files names every error of a bad file with its line and column."""

from datetime import date
from pathlib import Path

import pytest

from orders.sales_file import COLUMNS, read_sales_file

from .files import GOOD, HEADER, line, numbers, sales_file


def error_of(content: bytes) -> tuple[int, str, str]:
    """The only error of a file: line, column, code."""
    [error] = read_sales_file(content).errors
    assert error.message
    return error[:3]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        (1, "", "required"),
        (1, "S" * 61, "too_long"),
        (2, "", "bad_date"),
        (2, "2026/02/30", "bad_date"),
        (2, "2026/13/01", "bad_date"),
        (2, "10/30/2026", "bad_date"),
        (2, "令和8年10月30日", "bad_date"),
        (2, "2026/10/3０", "bad_date"),
        (2, "0026/10/30", "bad_date"),
        (2, "1999/12/31", "bad_date"),
        (3, "", "required"),
        (3, "C" * 41, "too_long"),
        (4, "", "required"),
        (4, "あ" * 201, "too_long"),
        (5, "", "required"),
        (5, "あ" * 101, "too_long"),
        (6, "", "bad_email"),
        (6, "not-a-mail", "bad_email"),
        (6, "a@b.example;c@d.example", "bad_email"),
        (7, "100-000", "bad_postcode"),
        (8, "あ" * 301, "too_long"),
        (9, "", "required"),
        (10, "", "required"),
        (11, "", "bad_quantity"),
        (11, "0", "bad_quantity"),
        (11, "-1", "bad_quantity"),
        (11, "1.5", "bad_quantity"),
        (11, "x", "bad_quantity"),
        (11, "３", "bad_quantity"),
        (11, "1000001", "bad_quantity"),
        (11, "9" * 5000, "bad_quantity"),
        (12, "", "bad_price"),
        (12, "-5", "bad_price"),
        (12, '"30,000"', "bad_price"),
        (12, "99.5", "bad_price"),
        (12, "￥100", "bad_price"),
        (12, "1" + "0" * 10, "bad_price"),
        (13, "", "unknown_tax_class"),
        (13, "課税9%", "unknown_tax_class"),
        (4, "青葉\x00商会", "unprintable_character"),
        (4, "青葉\x1b[31m商会", "unprintable_character"),
        (4, "青葉\x80商会", "unprintable_character"),
        (4, "青葉\ue000商会", "unprintable_character"),
    ],
)
def test_a_bad_value_is_named_with_its_line_and_column(column: int, value: str, code: str) -> None:
    content = sales_file(line(c1="S0"), line(**{f"c{column}": value}))
    assert error_of(content) == (3, COLUMNS[column - 1], code)
    assert numbers(read_sales_file(content).rows) == ["S0"]


@pytest.mark.parametrize("value", ["青葉\u202e商会", "青葉\u200b商会", "青葉\ufffd商会"])
def test_invisible_and_lost_characters_of_utf_8(value: str) -> None:
    assert error_of(sales_file(line(c4=value), encoding="utf-8")) == (2, "会社名", "unprintable_character")


def test_a_message_repeats_nothing_that_moves_a_terminal() -> None:
    [_, error] = read_sales_file(sales_file(line(c11="\x1b[2J"))).errors
    assert error.code == "bad_quantity"
    assert "\x1b" not in error.message


@pytest.mark.parametrize(("tax", "last_bad"), [("軽減8%", "2019/09/30"), ("課税10%", "2019/09/30")])
def test_a_rate_belongs_to_its_dates(tax: str, last_bad: str) -> None:
    assert error_of(sales_file(line(c13=tax, c2=last_bad))) == (2, "税区分", "tax_not_on_date")
    assert read_sales_file(sales_file(line(c13=tax, c2="2019/10/01"))).errors == ()


def test_what_bears_no_tax_has_no_such_date() -> None:
    assert read_sales_file(sales_file(line(c13="非課税", c2="2019/09/30"))).errors == ()


def test_the_amount_of_a_line_has_a_limit() -> None:
    content = sales_file(line(c11="1000", c12="999999999"), line(c1="S2", c11="1000", c12="1000000000"))
    assert error_of(content) == (3, "単価(税抜)", "amount_too_large")


def test_a_delivery_after_the_latest_day_is_an_error() -> None:
    content = sales_file(line(c2="2026/10/31"), line(c1="S2", c2="2026/11/01"))
    found = read_sales_file(content, latest=date(2026, 10, 31))
    assert [error[:3] for error in found.errors] == [(3, "納品日", "date_in_future")]
    assert read_sales_file(content).errors == ()


def test_a_number_twice_names_the_first_line() -> None:
    content = sales_file(line(), line(c1="S2"), line(), line(c1=" S1"))
    found = read_sales_file(content)
    assert [error[:3] for error in found.errors] == [
        (4, "売上番号", "duplicate_number"),
        (5, "売上番号", "duplicate_number"),
    ]
    assert "2" in found.errors[1].message


def test_a_number_of_a_bad_line_counts() -> None:
    found = read_sales_file(sales_file(line(c11="0"), line()))
    assert [error.code for error in found.errors] == ["bad_quantity", "duplicate_number"]


def test_every_error_of_a_line_is_named_in_the_order_of_its_columns() -> None:
    found = read_sales_file(sales_file(line(c2="x", c6="x", c11="x", c12="x", c13="x")))
    assert [error.column for error in found.errors] == [
        "納品日",
        "メールアドレス",
        "数量",
        "単価(税抜)",
        "税区分",
    ]


@pytest.mark.parametrize(
    ("text", "column", "code"),
    [
        ("S1,2026/10/30,C1", "会社名", "missing_columns"),
        (",,,,,,,,,,,", "税区分", "missing_columns"),
        (f"{GOOD},", "税区分", "too_many_columns"),
        (line(c8='"閉じない'), "", "malformed_line"),
        (line(c4='"青葉"商会'), "", "malformed_line"),
    ],
)
def test_a_line_that_is_no_row(text: str, column: str, code: str) -> None:
    assert error_of(sales_file(line(c1="S0"), text)) == (3, column, code)


def test_a_value_that_spans_lines_is_an_error_of_its_lines_alone() -> None:
    found = read_sales_file(sales_file(line(c8='"一行目\n二行目"'), line(c1="S2")))
    assert [error.line for error in found.errors] == [2, 3]
    assert numbers(found.rows) == ["S2"]


@pytest.mark.parametrize(("encoding", "broken"), [("cp932", b"\x81\x20"), ("utf-8", b"\xe9\x9d")])
def test_bytes_that_are_no_text_name_their_line(encoding: str, broken: bytes) -> None:
    content = sales_file(line(), line(c1="S2", c4="@@"), line(c1="S3"), encoding=encoding)
    found = read_sales_file(content.replace(b"@@", broken))
    assert [error[:3] for error in found.errors] == [(3, "", "undecodable")]
    assert numbers(found.rows) == ["S1", "S3"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\r\n \r\n", "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (f"{HEADER}\r\n\r\n".encode("cp932"), "empty_file"),
        (f"{HEADER}\r\n{GOOD}".encode("utf-16"), "unsupported_encoding"),
        (f"{HEADER}\r\n{GOOD}".encode("utf-16-le"), "unsupported_encoding"),
        (f"{HEADER}\r\n{GOOD}".encode("euc-jp"), "undecodable"),
        (GOOD.encode("cp932"), "wrong_header"),
        (b"PK\x03\x04\x14\x00\x06\x00\x08", "unsupported_encoding"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "wrong_header"),
        (sales_file(line(), header=HEADER.replace("数量", "個数")), "wrong_header"),
        (sales_file(line(), header=HEADER.removesuffix(",税区分")), "wrong_header"),
        (sales_file(line(), header=f"{HEADER},備考"), "wrong_header"),
        (sales_file(line(), header='"売上番号'), "malformed_line"),
        (b"\x81\x20\r\n", "undecodable"),
        (b"\n" * 300_001 + b"x", "too_many_lines"),
    ],
)
def test_a_file_that_is_none_has_one_error(content: bytes, code: str) -> None:
    assert error_of(content) == (1, "", code)


def test_a_broken_file_has_each_bad_line_named(shared_sales: Path) -> None:
    found = read_sales_file((shared_sales / "sales-broken.csv").read_bytes())
    assert [error[:3] for error in found.errors] == [
        (5, "納品日", "bad_date"),
        (9, "数量", "bad_quantity"),
        (13, "単価(税抜)", "bad_price"),
        (17, "税区分", "unknown_tax_class"),
        (21, "お客様番号", "required"),
        (25, "売上番号", "duplicate_number"),
        (29, "メールアドレス", "bad_email"),
        (33, "商品名", "missing_columns"),
    ]

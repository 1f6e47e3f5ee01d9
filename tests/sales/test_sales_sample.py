"""The generator of sample months: the same seed the same file, and a shape like a real month's."""

import hashlib
from collections import Counter
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.sales_file import read_sales_file, write_sales_file
from orders.sales_sample import sample_sales

OCTOBER = date(2026, 10, 1)


@settings(max_examples=25, deadline=None)
@given(
    month=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    customers=st.integers(1, 400),
    lines=st.integers(1, 300),
    seed=st.integers(),
    encoding=st.sampled_from(["cp932", "utf-8", "utf-8-sig"]),
)
def test_every_sample_reads_clean(month: date, customers: int, lines: int, seed: int, encoding: str) -> None:
    rows = sample_sales(month=month, customers=customers, lines=lines, seed=seed)
    found = read_sales_file(write_sales_file(rows, encoding=encoding))
    assert found.errors == ()
    assert found.rows == tuple(rows)
    assert len(rows) == lines


def test_a_month_has_the_shape_of_a_real_one() -> None:
    rows = sample_sales(month=OCTOBER, customers=300, lines=2000, seed=7)
    months = Counter(row.delivered_on.month for row in rows)
    assert set(months) == {9, 10, 11}
    assert 10 <= months[9] <= 80
    assert 10 <= months[11] <= 80
    assert len({row.customer_code for row in rows}) == 300
    assert {row.tax_category for row in rows} == {"standard", "reduced", "exempt", "out_of_scope"}
    per_customer = Counter(row.customer_code for row in rows)
    assert max(per_customer.values()) > 30
    assert min(per_customer.values()) == 1
    assert all(row.email.endswith(".example") for row in rows)
    assert [row.line for row in rows] == list(range(2, 2002))


def test_the_same_seed_gives_the_same_file_on_every_machine() -> None:
    rows = sample_sales(month=OCTOBER, customers=20, lines=50, seed=7)
    assert (
        hashlib.sha256(write_sales_file(rows)).hexdigest()
        == "2eae9676b47f5683e4d05ce04386e2317bc4743f913f483773cde8d971a0afea"
    )
    assert rows != sample_sales(month=OCTOBER, customers=20, lines=50, seed=8)


def test_the_months_of_a_seed_are_of_one_shop() -> None:
    october = sample_sales(month=OCTOBER, customers=40, lines=100, seed=7)
    november = sample_sales(month=date(2026, 11, 1), customers=40, lines=100, seed=7)
    assert {row[3:9] for row in october} == {row[3:9] for row in november}
    assert not {row.number for row in october} & {row.number for row in november}


def test_until_leaves_out_later_deliveries() -> None:
    rows = sample_sales(month=OCTOBER, customers=40, lines=500, seed=7, until=date(2026, 10, 20))
    assert max(row.delivered_on for row in rows) == date(2026, 10, 20)


def test_the_command_writes_a_file(tmp_path: Path) -> None:
    file = tmp_path / "sales.csv"
    arguments = ["--month", "2026-10", "--customers", "5", "--lines", "30", "--seed", "7", "-o"]
    call_command("sample_sales", *arguments, str(file), stdout=StringIO())
    found = read_sales_file(file.read_bytes())
    assert found.encoding == "cp932"
    assert found.rows == tuple(sample_sales(month=OCTOBER, customers=5, lines=30, seed=7))


@pytest.mark.parametrize(
    "arguments",
    [["--month", "2026-13"], ["--month", "2026-10", "--lines", "0"], ["--month", "2026-10", "--until", "x"]],
)
def test_the_command_refuses_what_it_cannot_read(tmp_path: Path, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("sample_sales", *arguments, "-o", str(tmp_path / "sales.csv"))
    assert list(tmp_path.iterdir()) == []

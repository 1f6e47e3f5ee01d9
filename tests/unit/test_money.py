"""Whole yen: division, reading, writing."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_project.errors import Code, InvalidValue
from billing_project.money import Rounding, divide, format_yen, parse_yen

roundings = st.sampled_from(Rounding)
sums = st.integers(min_value=-(10**15), max_value=10**15)
denominators = st.integers(min_value=1, max_value=10**6)


@pytest.mark.parametrize(
    ("numerator", "denominator", "floor", "half_up", "ceil"),
    [
        (0, 7, 0, 0, 0),
        (6, 2, 3, 3, 3),
        (5, 2, 2, 3, 3),  # an exact half
        (7, 2, 3, 4, 4),  # half up, not half to even
        (314, 100, 3, 3, 4),
        (350, 100, 3, 4, 4),
        (-5, 2, -2, -3, -3),  # on the absolute value
        (-314, 100, -3, -3, -4),
        (-1, 3, 0, 0, -1),
    ],
)
def test_division_rounds_on_the_absolute_value(numerator, denominator, floor, half_up, ceil):
    assert divide(numerator, denominator, Rounding.FLOOR) == floor
    assert divide(numerator, denominator, Rounding.HALF_UP) == half_up
    assert divide(numerator, denominator, Rounding.CEIL) == ceil


@given(sums, denominators, roundings)
def test_division_is_symmetric_and_less_than_a_yen_away(numerator, denominator, rounding):
    quotient = divide(numerator, denominator, rounding)
    assert divide(-numerator, denominator, rounding) == -quotient
    assert abs(quotient - Fraction(numerator, denominator)) < 1


@given(sums, denominators)
def test_the_roundings_lie_in_order(numerator, denominator):
    floor, half_up, ceil = (abs(divide(numerator, denominator, rounding)) for rounding in Rounding)
    assert floor <= half_up <= ceil <= floor + 1


@pytest.mark.parametrize("denominator", [0, -3])
def test_a_denominator_must_be_positive(denominator):
    with pytest.raises(ValueError, match="positive"):
        divide(1, denominator, Rounding.FLOOR)


def test_the_worked_examples_of_contracts():
    # C3: 3 units × 7,000 a year for 7 months, and 1 unit
    assert divide(3 * 7_000 * 7, 12, Rounding.FLOOR) == 12_250
    assert divide(1 * 7_000 * 7, 12, Rounding.FLOOR) == 4_083


@pytest.mark.parametrize(
    ("amount", "suffix", "prefix", "plain"),
    [
        (0, "0円", "￥0", "0"),
        (1234, "1,234円", "￥1,234", "1,234"),
        (-1234567, "-1,234,567円", "-￥1,234,567", "-1,234,567"),
    ],
)
def test_yen_are_written(amount, suffix, prefix, plain):
    assert format_yen(amount) == suffix
    assert format_yen(amount, mark="￥") == prefix
    assert format_yen(amount, mark="") == plain


def test_accountants_write_a_triangle():
    assert format_yen(-1234, triangle=True) == "▲1,234円"
    assert format_yen(-1234, mark="￥", triangle=True) == "▲￥1,234"
    assert format_yen(1234, triangle=True) == "1,234円"


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1234", 1234),
        ("1,234", 1234),
        (" 1,234円 ", 1234),
        ("￥1,234", 1234),
        ("¥ 1234", 1234),
        ("\\1234", 1234),  # the yen sign of Shift_JIS
        ("１２３，４５６", 123456),
        ("　１，２３４円", 1234),
        ("+5", 5),
        ("-500", -500),
        ("−500", -500),
        ("▲1,234", -1234),
        ("△500円", -500),
        ("￥-500", -500),
        ("-￥500", -500),
        ("0", 0),
        ("0007", 7),
        ("999,999,999,999", 999_999_999_999),
    ],
)
def test_yen_are_read(text, amount):
    assert parse_yen(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "円",
        "abc",
        "1,23",
        "12,3456",
        ",123",
        "1 234",
        "1e3",
        "10²",
        "½",
        "--5",
        "-￥-5",
        "1-",
        "٣",
        "NaN",
    ],
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(InvalidValue, match="not an amount in yen") as refused:
        parse_yen(text)
    assert refused.value.code == Code.INVALID_AMOUNT


@pytest.mark.parametrize("text", ["12.5", "1,234.00", "１２．５"])
def test_fractions_of_a_yen_are_refused(text):
    with pytest.raises(InvalidValue, match="without a decimal point"):
        parse_yen(text)


@pytest.mark.parametrize("text", ["1,000,000,000,000", "9" * 10_000])
def test_too_large_a_sum_is_refused(text):
    with pytest.raises(InvalidValue, match="too large"):
        parse_yen(text)


@given(
    st.integers(min_value=-999_999_999_999, max_value=999_999_999_999),
    st.sampled_from(["円", "￥", ""]),
    st.booleans(),
)
def test_what_is_written_can_be_read(amount, mark, triangle):
    assert parse_yen(format_yen(amount, mark=mark, triangle=triangle)) == amount

"""Consumption tax: every worked number of the specification, and what must hold for all numbers."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from accounts.policy.choices import PriceEntry, TaxCategory
from billing_project.errors import Code, Refusal
from billing_project.money import Rounding
from invoices.tax import TaxLine, TaxSum, rate_on, return_sum, summarise, summarise_return, tax_on

STANDARD, REDUCED = TaxCategory.STANDARD, TaxCategory.REDUCED
EXCLUSIVE, INCLUSIVE = PriceEntry.TAX_EXCLUSIVE, PriceEntry.TAX_INCLUSIVE
FLOOR, HALF_UP, CEIL = Rounding.FLOOR, Rounding.HALF_UP, Rounding.CEIL
OCTOBER = date(2026, 10, 15)


def lines(*amounts, category=STANDARD, supplied=OCTOBER):
    return [TaxLine(category, amount, supplied) for amount in amounts]


def taxes(given_lines, pricing, rounding=FLOOR):
    return [total.tax for total in summarise(given_lines, pricing, rounding)]


# Worked numbers


@pytest.mark.parametrize(("rounding", "tax"), [(FLOOR, 31), (HALF_UP, 32), (CEIL, 32)])
def test_105_three_times_without_tax(rounding, tax):
    assert summarise(lines(105, 105, 105), EXCLUSIVE, rounding) == [TaxSum(STANDARD, 10, 315, tax)]


def test_inclusive_60000_and_40000():
    given_lines = lines(60_000) + lines(40_000, category=REDUCED)
    assert taxes(given_lines, INCLUSIVE) == [5_454, 2_962]


def test_exclusive_two_lines_of_each_rate():
    given_lines = lines(11_345, 12_549) + lines(9_987, 12_345, category=REDUCED)
    assert taxes(given_lines, EXCLUSIVE) == [2_389, 1_786]


def test_inclusive_88000_and_43200():
    given_lines = lines(88_000) + lines(43_200, category=REDUCED)
    assert taxes(given_lines, INCLUSIVE) == [8_000, 3_200]


def test_inclusive_13582_twice():
    # odoo #191983
    (total,) = summarise(lines(13_582, 13_582), INCLUSIVE, FLOOR)
    assert (total.tax, total.net, total.gross) == (2_469, 24_695, 27_164)


def test_inclusive_370_ten_times_at_the_reduced_rate():
    assert taxes(lines(*[370] * 10, category=REDUCED), INCLUSIVE) == [274]


def test_one_invoice_differs_from_three_delivery_notes():
    assert taxes(lines(123, 234, 345), EXCLUSIVE) == [70]
    assert [taxes(lines(amount), EXCLUSIVE)[0] for amount in (123, 234, 345)] == [12, 23, 34]


def test_inclusive_1000():
    (total,) = summarise(lines(1_000), INCLUSIVE, FLOOR)
    assert (total.tax, total.net) == (90, 910)


# Rates and dates


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(1989, 4, 1), 3),
        (date(1997, 3, 31), 3),
        (date(1997, 4, 1), 5),
        (date(2014, 3, 31), 5),
        (date(2014, 4, 1), 8),
        (date(2019, 9, 30), 8),
        (date(2019, 10, 1), 10),
        (date(2026, 10, 31), 10),
    ],
)
def test_the_standard_rate_belongs_to_the_day_of_supply(day, rate):
    assert rate_on(STANDARD, day) == rate


def test_the_reduced_rate_began_in_october_2019():
    assert rate_on(REDUCED, date(2019, 10, 1)) == 8
    with pytest.raises(Refusal, match="no reduced rate on 2019-09-30") as refused:
        rate_on(REDUCED, date(2019, 9, 30))
    assert refused.value.code == Code.NO_TAX_RATE


def test_before_the_tax_there_was_no_rate():
    with pytest.raises(Refusal, match="correct the date or the tax category"):
        summarise(lines(100, supplied=date(1989, 3, 31)), EXCLUSIVE, FLOOR)


@pytest.mark.parametrize("category", [TaxCategory.ZERO, TaxCategory.EXEMPT, TaxCategory.OUT_OF_SCOPE])
@pytest.mark.parametrize("pricing", PriceEntry)
def test_categories_without_tax(category, pricing):
    assert rate_on(category, date(1950, 1, 1)) is None
    assert summarise(lines(9_999, category=category), pricing, CEIL) == [TaxSum(category, None, 9_999, 0)]


def test_rates_stand_apart_and_in_order():
    given_lines = [
        *lines(500, category=TaxCategory.EXEMPT),
        *lines(100, category=REDUCED),
        *lines(200, supplied=date(2019, 9, 30)),
        *lines(300),
    ]
    found = [(total.category, total.rate, total.tax) for total in summarise(given_lines, EXCLUSIVE, FLOOR)]
    assert found == [(STANDARD, 10, 30), (STANDARD, 8, 16), (REDUCED, 8, 8), (TaxCategory.EXEMPT, None, 0)]


def test_a_document_without_lines_has_no_rates():
    assert summarise([], EXCLUSIVE, FLOOR) == []


def test_lines_that_cancel_out_leave_their_rate_at_zero():
    assert summarise(lines(105, -105), EXCLUSIVE, CEIL) == [TaxSum(STANDARD, 10, 0, 0)]


@pytest.mark.parametrize(("rounding", "tax"), [(FLOOR, -10), (HALF_UP, -11), (CEIL, -11)])
def test_a_negative_sum_is_rounded_on_its_absolute_value(rounding, tax):
    assert summarise(lines(-205, 100), EXCLUSIVE, rounding) == [TaxSum(STANDARD, 10, -105, tax)]


# Returns


def test_partial_returns_end_with_the_tax_that_remains():
    (original,) = summarise(lines(105, 105, 105), EXCLUSIVE, FLOOR)
    returned = []
    for _index in range(3):
        returned.append(return_sum(original, returned, -105, EXCLUSIVE, FLOOR))
    assert [total.tax for total in returned] == [-10, -10, -11]


def test_partial_inclusive_returns():
    (original,) = summarise(lines(13_582, 13_582), INCLUSIVE, FLOOR)
    first = return_sum(original, [], -13_582, INCLUSIVE, FLOOR)
    second = return_sum(original, [first], -13_582, INCLUSIVE, FLOOR)
    # 13,582 × 10 ÷ 110 = 1,234.72…; 2,469 − 1,234 = 1,235
    assert (first.tax, first.net) == (-1_234, -12_348)
    assert (second.tax, second.net) == (-1_235, -12_347)


def test_rounded_up_returns_never_give_back_more_tax_than_there_was():
    (original,) = summarise(lines(*[1] * 10), EXCLUSIVE, CEIL)
    assert original.tax == 1
    returned = []
    for _index in range(10):
        returned.append(return_sum(original, returned, -1, EXCLUSIVE, CEIL))
    assert [total.tax for total in returned] == [-1, *[0] * 9]


def test_a_return_beyond_the_sum_of_a_mixed_rate_is_taxed_for_itself():
    # A bill of 100 sold and 60 returned: undoing the sale takes more than the bill's 40.
    (original,) = summarise(lines(100, -60), EXCLUSIVE, FLOOR)
    assert return_sum(original, [], -100, EXCLUSIVE, FLOOR).tax == -10


def test_each_rate_of_a_return_looks_at_its_own_rate():
    sold = lines(105, 105) + lines(199, category=REDUCED) + lines(50, category=TaxCategory.EXEMPT)
    original = summarise(sold, EXCLUSIVE, FLOOR)
    first = summarise_return(original, [], lines(-105), EXCLUSIVE, FLOOR)
    rest = [
        *lines(-50, category=TaxCategory.EXEMPT),
        *lines(-199, category=REDUCED),
        *lines(-105),
    ]
    second = summarise_return(original, first, rest, EXCLUSIVE, FLOOR)
    assert first == [TaxSum(STANDARD, 10, -105, -10)]
    assert second == [
        TaxSum(STANDARD, 10, -105, -11),
        TaxSum(REDUCED, 8, -199, -15),
        TaxSum(TaxCategory.EXEMPT, None, -50, 0),
    ]


def test_a_later_return_takes_the_rate_of_the_original_supply():
    old = date(2019, 9, 30)
    original = summarise(lines(1_000, supplied=old), EXCLUSIVE, FLOOR)
    assert summarise_return(original, [], lines(-1_000, supplied=old), EXCLUSIVE, FLOOR) == [
        TaxSum(STANDARD, 8, -1_000, -80)
    ]


def test_a_rate_that_was_not_sold_cannot_be_returned():
    original = summarise(lines(1_000), EXCLUSIVE, FLOOR)
    with pytest.raises(ValueError, match="no reduced at 8 %"):
        summarise_return(original, [], lines(-10, category=REDUCED), EXCLUSIVE, FLOOR)


# For all numbers

amounts = st.integers(min_value=-(10**9), max_value=10**9)
positive = st.integers(min_value=0, max_value=10**7)
pricings = st.sampled_from(PriceEntry)
roundings = st.sampled_from(Rounding)
any_lines = st.lists(
    st.builds(TaxLine, st.sampled_from(TaxCategory), amounts, st.dates(date(2019, 10, 1), date(2030, 1, 1))),
    max_size=12,
)


def exact_tax(amount, rate, pricing):
    return Fraction(amount * rate, 100 + rate if pricing == INCLUSIVE else 100)


@given(amounts, st.sampled_from([3, 5, 8, 10]), pricings, roundings)
def test_the_tax_is_less_than_a_yen_from_the_exact_tax(amount, rate, pricing, rounding):
    tax, exact = tax_on(amount, rate, pricing, rounding), exact_tax(amount, rate, pricing)
    assert abs(tax - exact) < 1
    if rounding == FLOOR:
        assert abs(tax) <= abs(exact)
    if rounding == CEIL:
        assert abs(tax) >= abs(exact)


@given(any_lines, pricings, roundings)
def test_the_totals_are_the_lines(given_lines, pricing, rounding):
    totals = summarise(given_lines, pricing, rounding)
    assert sum(total.base(pricing) for total in totals) == sum(line.amount for line in given_lines)
    assert all(total.gross == total.net + total.tax for total in totals)
    assert {total.category for total in totals} == {line.category for line in given_lines}
    assert len({(total.category, total.rate) for total in totals}) == len(totals)


@given(any_lines, pricings, roundings)
def test_turning_every_sign_turns_every_figure(given_lines, pricing, rounding):
    turned = [TaxLine(line.category, -line.amount, line.supplied) for line in given_lines]
    totals = summarise(given_lines, pricing, rounding)
    assert summarise(turned, pricing, rounding) == [total.reversed() for total in totals]
    assert summarise_return(totals, [], turned, pricing, rounding) == [total.reversed() for total in totals]


@given(any_lines, pricings, roundings, st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(given_lines, pricing, rounding, random):
    shuffled = random.sample(given_lines, len(given_lines))
    assert summarise(shuffled, pricing, rounding) == summarise(given_lines, pricing, rounding)


@given(st.lists(positive, min_size=1, max_size=12), pricings, roundings, st.randoms(use_true_random=False))
def test_partial_returns_in_any_order_undo_a_document_exactly(sold, pricing, rounding, random):
    assume(sum(sold))
    (original,) = summarise(lines(*sold), pricing, rounding)
    returned = []
    for amount in random.sample(sold, len(sold)):
        returned.append(return_sum(original, returned, -amount, pricing, rounding))
        left = original.tax + sum(total.tax for total in returned)
        assert 0 <= left <= original.tax
    assert sum(total.tax for total in returned) == -original.tax
    assert sum(total.net for total in returned) == -original.net
    assert sum(total.gross for total in returned) == -original.gross

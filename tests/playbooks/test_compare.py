"""How what was found is held against what was expected."""

from datetime import date
from typing import Any

from playbooks.runner.compare import complete_list, described, differences, shown

INVOICE: dict[str, Any] = {"kind": "invoice", "customer": "acme", "total": 33000, "tax": {"standard": 3000}}


def test_only_what_is_expected_is_compared() -> None:
    assert differences({"total": 33000}, {**INVOICE, "due": date(2026, 11, 30)}) == []


def test_a_difference_names_expected_and_found() -> None:
    assert differences({"total": 32999}, INVOICE) == ["total: expected 32,999, found 33,000"]


def test_a_rate_that_is_not_there_counts_as_zero() -> None:
    assert differences({"tax": {"standard": 3000, "reduced": 0}}, INVOICE) == []
    found = differences({"tax": {"reduced": 8}}, INVOICE)
    assert found == ["tax.reduced: expected 8, found 0"]


def test_spellings_of_an_addressee() -> None:
    found = {"addressee": frozenset({"経理 太郎", "株式会社アクメ"})}
    assert differences({"addressee": "経理 太郎"}, found) == []
    expected = "addressee: expected 経理 花子, found 株式会社アクメ / 経理 太郎"
    assert differences({"addressee": "経理 花子"}, found) == [expected]


def test_the_order_of_a_complete_list_does_not_matter() -> None:
    expected = [{"customer": "kita"}, {"customer": "acme"}]
    assert complete_list("documents", expected, [{"customer": "acme"}, {"customer": "kita"}]) == []


def test_a_vague_expectation_leaves_the_exact_one_its_counterpart() -> None:
    expected: list[dict[str, Any]] = [{"customer": "acme"}, {"customer": "acme", "total": 1}]
    found = [{"customer": "acme", "total": 1}, {"customer": "acme", "total": 2}]
    assert complete_list("documents", expected, found) == []


def test_what_is_missing_and_what_is_too_much() -> None:
    assert complete_list("documents", [INVOICE], []) == [
        "documents[1]: expected {kind: invoice, customer: acme, total: 33,000, tax: {standard: 3,000}},"
        " found nothing like it"
    ]
    assert complete_list("documents", [], [{"total": 5}]) == ["documents: not expected, but found {total: 5}"]


def test_the_nearest_is_named_with_its_differences() -> None:
    found: list[dict[str, object]] = [
        {**INVOICE, "customer": "kita", "total": 1},
        {**INVOICE, "total": 33001},
    ]
    assert complete_list("documents", [INVOICE], found) == [
        "documents[1] total: expected 33,000, found 33,001",
        "documents: not expected, but found {kind: invoice, customer: kita,"
        " total: 1, tax: {standard: 3,000}}",
    ]


def test_values_are_shown_as_they_are_written() -> None:
    assert shown(True) == "true"
    assert shown(None) == "nothing"
    assert shown((date(2026, 10, 6), date(2026, 10, 31))) == "[2026-10-06, 2026-10-31]"
    assert described({"a": None, "b": 1}) == "{b: 1}"

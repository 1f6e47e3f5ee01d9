"""Reading playbooks: what is valid parses, the rest is refused at its line with what was expected."""

from datetime import date
from pathlib import Path

import pytest

from playbooks.format import InvalidPlaybook, load_file, load_text
from tests.shared import SHARED

TOLD = SHARED / "playbooks"

GOOD = """\
title: A story
rules: [A6]
preset: certificate-shop
start: 2026-10-01
customers:
  - {ref: acme, name: 株式会社アクメ, pays: later_transfer, members: [{ref: sato, role: authority}]}
steps:
  - {at: 2026-10-05 10:00, order: {ref: o1, customer: acme, lines: [{sku: DV-1Y}]}}
  - {at: 2026-10-05 10:00, wait: }
  - {at: 2026-10-06 10:00, refused: {code: order_expired, deliver: {order: o1}}}
"""


def problems(text: str) -> list[str]:
    with pytest.raises(InvalidPlaybook) as caught:
        load_text(text)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.skipif(not TOLD.is_dir(), reason=f"the shared stories are not at {TOLD}")
def test_every_shared_story_parses() -> None:
    files = sorted(TOLD.glob("*.yaml"))
    assert files
    for file in files:
        load_file(file)


def test_a_good_file_gives_typed_frozen_values() -> None:
    story = load_text(GOOD)
    playbook = story.playbook
    assert playbook.start == date(2026, 10, 1)
    assert [step.verb for step in playbook.steps] == ["order", "wait", "refused"]
    assert playbook.steps[0].at.isoformat() == "2026-10-05T10:00:00"
    assert playbook.steps[0].fields.lines[0].quantity == 1
    assert playbook.steps[2].fields.verb == "deliver"
    assert [line for line, _ in story.steps()] == [8, 9, 10]
    with pytest.raises(ValueError, match="frozen"):
        playbook.title = "another"  # type: ignore[misc]


def test_words_that_yaml_would_turn_into_booleans_and_dates_stay_words() -> None:
    text = GOOD + "  - {at: 2026-10-07 10:00, deliver: {order: o1, on: 2026-10-06}}\n"
    assert load_text(text).playbook.steps[3].fields.on == date(2026, 10, 6)


def test_policy_fields_may_stand_under_fields() -> None:
    step = "  - {at: 2026-10-07 10:00, set_policy: %s}\n"
    bare = load_text(GOOD + step % "{tax_rounding: ceil}").playbook.steps[3]
    under = load_text(GOOD + step % "{fields: {tax_rounding: ceil}}").playbook.steps[3]
    assert bare.fields == under.fields == {"tax_rounding": "ceil"}


@pytest.mark.parametrize(
    ("find", "put", "expected"),
    [
        ("title: A story", "titel: A story", "line 1: titel: unknown key; expected one of customers,"),
        ("title: A story", "", "line 2: title: expected this key; it is missing"),
        ("title: A story", "title: 7", "line 1: title: expected text (put it in quotes), found 7"),
        ("[A6]", "[A6, Z9]", "line 2: rules[2]: expected a rule such as A17, found Z9"),
        ("certificate-shop", "shop", "line 3: preset: expected certificate-shop, hosting, electricity,"),
        ("start: 2026-10-01", "start: 2026-02-30", "line 4: start: expected a day of the calendar"),
        ("start: 2026-10-01", "start: 1st", "line 4: start: expected a day such as 2026-10-25, found 1st"),
        ("pays: later_transfer", "pays: cash", "line 6: customers[1].pays: expected card, deposit,"),
        ("role: authority", "role: boss", "line 6: customers[1].members[1].role: expected requester,"),
        (", lines: [{sku: DV-1Y}]", "", "line 8: steps[1].order: expected exactly one of lines, from_quote,"),
        ("[{sku: DV-1Y}]", "[]", "line 8: steps[1].order.lines: expected at least one"),
        ("{sku: DV-1Y}", "{sku: DV-1Y, quantity: two}", "quantity: expected a whole number, found two"),
        (
            "{sku: DV-1Y}",
            "{sku: DV-1Y, quantity: 0}",
            "line 8: steps[1].order.lines[1].quantity: expected greater than or equal",
        ),
        ("{sku: DV-1Y}", "{sku: DV-1Y, unit_price: 5}", "unit_price: expected only in an operator's quote"),
        (
            "customer: acme",
            "customer: acne",
            "expected one of the customer or partner refs above (acme), found acne",
        ),
        ("10:00, wait: ", "10:00, wate: ", "line 9: steps[2].wate: unknown key; expected one of"),
        ("wait: ", "wait: , expect: {}", "line 9: steps[2]: expected exactly one verb, found wait, expect"),
        (", wait: ", "", "line 9: steps[2]: expected exactly one verb, found none"),
        ("wait: ", "deliver: ", "line 9: steps[2]: expected the fields of deliver"),
        (
            "10-05 10:00, wait",
            "10-04 10:00, wait",
            "line 9: steps[2].at: expected 2026-10-05 10:00 or later, found",
        ),
        (
            "2026-10-05 10:00, wait",
            "2026-10-05, wait",
            "line 9: steps[2].at: expected a day and a time such as",
        ),
        ("2026-10-06 10:00", "2036-10-06 10:00", "line 10: steps[3].at: expected at most 10 years"),
        (
            "deliver: {order: o1}",
            "deliver: {order: o2}",
            "expected one of the order refs above (o1), found o2",
        ),
        (
            "deliver: {order: o1}",
            "order: {ref: o1, customer: acme, lines: [{sku: WC-1Y}]}",
            "o1 is taken in line 8",
        ),
        ("code: order_expired, ", "", "line 10: steps[3].refused.code: expected this key; it is missing"),
        (
            "ref: o1, customer",
            "ref: o1, ref: o3, customer",
            "line 8: steps[1].order.ref: expected each key once",
        ),
        ("sku: DV-1Y", "sku: DV", "lines[1].sku: expected the SKU of a product (DV-1Y, WC-1Y), found DV"),
        (
            "code: order_expired",
            "code: expired",
            "refused.code: expected the code of a refusal, found expired",
        ),
        (
            "pays: later_transfer",
            "pays: direct_debit",
            "customers[1].pays: expected one of the tenant's methods",
        ),
        ("customers:", "policy: {tax: up}\ncustomers:", "line 5: policy.tax: expected a field of the policy"),
        ("customers:", "policy: {closes: 31}\ncustomers:", "line 5: policy.closes: expected a field"),
        ("wait: ", "set_policy: {tax_rounding: up}", "line 9: steps[2].set_policy.tax_rounding: expected"),
        ("customers:", "products: [{sku: DV-1Y, name: a, unit_price: 1}]\ncustomers:", "expected a new SKU"),
        ("[A6]", "[A6", "line 3: expected ',' or ']'"),
        ("rules: [A6]", "rules: &r [A6]\nproducts: *r", "line 3: expected a value; aliases"),
        (
            "title: A story",
            "title: !!python/name:os.system x",
            "line 1: title: expected text, a whole number",
        ),
    ],
)
def test_a_bad_file_is_refused_at_its_line(find: str, put: str, expected: str) -> None:
    assert find in GOOD
    found = problems(GOOD.replace(find, put, 1))
    assert any(expected in problem for problem in found), found


def test_an_order_that_was_refused_does_not_exist() -> None:
    text = GOOD.replace("deliver: {order: o1}", "order: {ref: x, customer: acme, lines: [{sku: WC-1Y}]}")
    text += "  - {at: 2026-10-07 10:00, deliver: {order: x}}\n"
    expected = "line 11: steps[4].deliver.order: expected one of the order refs above (o1), found x"
    assert problems(text) == [f"{expected} (kind: refused order)"]


def test_several_mistakes_are_named_at_once_in_the_order_of_the_file() -> None:
    text = GOOD.replace("[A6]", "[6]").replace("sku: DV-1Y", "skuu: DV-1Y").replace("code: ", "cod: ")
    assert [int(problem.split()[1].rstrip(":")) for problem in problems(text)] == [2, 8, 8, 10, 10]


@pytest.mark.parametrize(
    "key",
    [
        "documents: [{kind: bill, customer: acme}]",
        "documents: [{kind: invoice, customer: acme, tax: {high: 1}}]",
        "journal: {cash: 1}",
        "balances: {acme: {debt: 1}}",
        "contracts: {o1: {state: active}}",
        "no_mails: false",
        "payments: [{customer: acme, method: cash}]",
        "mails: [{subject: 請求書}]",
        "document: []",
    ],
)
def test_a_bad_expectation_is_refused(key: str) -> None:
    found = problems(GOOD + f"  - at: 2026-10-07 10:00\n    expect:\n      {key}\n")
    assert [problem.startswith("line 13: steps[4].expect.") for problem in found] == [True], found


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "line 1: expected title, preset, start and steps; the file is empty"),
        (b"title: \xff\xfe", "line 1: expected text in UTF-8"),
        (b"title: a\nrules: \x01", "line 2: expected text without control characters"),
        (b"- a", "line 1: expected a map of keys"),
        (b"title: " + b"[" * 5000, "line 1: expected"),
        (b"x: " + b"a" * 1_000_001, "line 1: expected at most 1,000,000 characters"),
    ],
)
def test_a_file_that_is_no_playbook_at_all(tmp_path: Path, content: bytes, expected: str) -> None:
    file = tmp_path / "story.yaml"
    file.write_bytes(content)
    with pytest.raises(InvalidPlaybook, match=expected.replace("(", r"\(")):
        load_file(file)


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InvalidPlaybook, match="No such file"):
        load_file(tmp_path / "none.yaml")

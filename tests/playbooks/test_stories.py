"""Every story of the product holds, and leaves nothing behind; a wrong word in a story is found."""

from pathlib import Path

import pytest

from accounts.models import Tenant, User
from playbooks.format import load_text
from playbooks.runner import Outcome, run_file, run_story
from playbooks.runner.support import NOT_SUPPORTED
from tests.playbooks.test_format import TOLD

STORIES = sorted((Path(__file__).parents[2] / "playbooks" / "stories").glob("*.yaml"))
SUPPORTED = {"shop-later-payment", "shop-cancel-across-month-end", "shop-cancel-window", "shop-order-expiry"}

SHORT = """\
title: Short
rules: [A10]
preset: certificate-shop
start: 2026-10-30
customers:
  - {ref: acme, name: 株式会社アクメ, pays: later_transfer, payer_names: ["ｶ)ｱｸﾒ"]}
steps:
  - {at: 2026-10-30 10:00, order: {ref: o1, customer: acme, lines: [{sku: DV-1Y}]}}
  - {at: 2026-10-30 11:00, deliver: {order: o1}}
  - {at: 2026-10-30 12:00, refused: {code: already_delivered, deliver: {order: o1}}}
  - at: 2026-11-01 07:00
    expect:
      documents: [{kind: invoice, customer: acme, due: 2026-11-30, tax: {standard: 3000}, total: 33000}]
      mails: [{to: acme, subject: 請求書発行のお知らせ}]
      balances: {acme: {receivable: 33000}}
      orders: {o1: {state: delivered, can_cancel: true}}
      customers: {acme: {steps: [], pays: later_transfer}}
      journal: {sales: 30000, tax_payable: 3000}
      unmatched_transfers: 0
  - {at: 2026-11-02 10:00, transfer: {amount: 33000, payer: "ｶ)ｱｸﾒ"}}
  - at: 2026-11-02 10:01
    expect:
      payments: [{customer: acme, method: transfer, amount: 33000, state: succeeded}]
      no_mails: true
"""

NOT_YET = "pay_link: {customer: acme, card: {funding: credit}}"


def messages(outcome: Outcome) -> list[str]:
    return [str(problem) for problem in outcome.problems]


def altered(*changes: tuple[str, str]) -> Outcome:
    text = SHORT
    for find, put in changes:
        assert find in text
        text = text.replace(find, put, 1)
    return run_story(load_text(text))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.stem)
def test_every_story_holds(story: Path) -> None:
    outcome = run_file(str(story))
    assert outcome.passed, messages(outcome)


@pytest.mark.skipif(not TOLD.is_dir(), reason=f"the shared stories are not at {TOLD}")
@pytest.mark.parametrize("story", sorted(TOLD.glob("*.yaml")), ids=lambda story: story.stem)
def test_a_shared_story_holds_or_needs_what_does_not_exist_yet(story: Path) -> None:
    outcome = run_file(str(story))
    if outcome.code == NOT_SUPPORTED and story.stem not in SUPPORTED:
        assert {problem.message for problem in outcome.problems} == {"not supported yet"}
    else:
        assert outcome.passed, messages(outcome)


def test_nothing_stays_behind() -> None:
    before = Tenant.objects.count(), User.objects.count()
    outcome = altered()
    assert outcome.passed, messages(outcome)
    assert (Tenant.objects.count(), User.objects.count()) == before


@pytest.mark.parametrize(
    ("find", "put", "found"),
    [
        ("total: 33000", "total: 33001", "documents[1] total: expected 33,001, found 33,000"),
        ("{standard: 3000}", "{standard: 2999}", "documents[1] tax.standard: expected 2,999, found 3,000"),
        ("due: 2026-11-30", "due: 2026-12-01", "documents[1] due: expected 2026-12-01, found 2026-11-30"),
        ("due: 2026-11-30", "addressee: 花子", "documents[1] addressee: expected 花子, found"),
        ("due: 2026-11-30", "transaction: [2026-10-31]", "expected [2026-10-31], found [2026-10-30]"),
        ("to: acme, subject: 請求書発行", "to: acme, subject: 納品書発行", "mails: expected a mail to acme"),
        ("receivable: 33000", "receivable: 0", "balances.acme.receivable: expected 0, found 33,000"),
        ("can_cancel: true", "can_cancel: false", "orders.o1.can_cancel: expected false, found true"),
        ("state: delivered", "state: open", "orders.o1.state: expected open, found delivered"),
        (
            "steps: [], pays: later_transfer",
            "pays: card",
            "customers.acme.pays: expected card, found later_transfer",
        ),
        ("steps: []", "steps: [suspended]", "customers.acme.steps: expected [suspended], found []"),
        ("sales: 30000", "sales: 33000", "journal.sales: expected 33,000, found 30,000"),
        ("unmatched_transfers: 0", "unmatched_transfers: 1", "unmatched_transfers: expected 1, found 0"),
    ],
)
def test_a_wrong_expectation_is_found_at_its_line(find: str, put: str, found: str) -> None:
    outcome = altered((find, put))
    assert not outcome.passed
    assert outcome.code == "failed"
    assert all(
        message.startswith("line 11: steps[4] expect at 2026-11-01 07:00: ") for message in messages(outcome)
    )
    assert any(found in message for message in messages(outcome)), messages(outcome)


def test_a_document_that_is_not_expected_is_found() -> None:
    outcome = altered(
        ("[{kind: invoice, customer: acme, due: 2026-11-30, tax: {standard: 3000}, total: 33000}]", "[]")
    )
    assert "documents: not expected, but found {kind: invoice, customer: acme" in messages(outcome)[0]


def test_a_document_that_is_missing_is_found() -> None:
    outcome = altered(("2026-11-01 07:00", "2026-11-01 06:59"))
    assert messages(outcome)[0].endswith("found nothing like it")


def test_a_payment_that_differs_is_found() -> None:
    outcome = altered(("amount: 33000, state: succeeded", "amount: 32999, state: succeeded"))
    assert messages(outcome)[0].endswith("payments[1] amount: expected 32,999, found 33,000")


def test_a_mail_where_none_is_expected_is_found() -> None:
    outcome = altered(("      mails: [{to: acme, subject: 請求書発行のお知らせ}]\n", ""))
    assert "no_mails: expected none, found" in messages(outcome)[0]


def test_another_refusal_than_expected_is_found() -> None:
    outcome = altered(("code: already_delivered", "code: order_expired"))
    assert messages(outcome) == [
        "line 10: steps[3] refused at 2026-10-30 12:00:"
        " refused: expected order_expired, found already_delivered"
    ]


def test_an_act_that_should_have_been_refused_is_found() -> None:
    outcome = altered(("already_delivered, deliver: {order: o1}", "order_expired, cancel: {order: o1}"))
    assert messages(outcome)[0].endswith("refused: expected order_expired, found that it went through")


def test_an_act_that_is_refused_fails_the_story_with_its_code() -> None:
    outcome = altered(("refused: {code: already_delivered, deliver: {order: o1}}", "deliver: {order: o1}"))
    assert messages(outcome)[0].startswith(
        "line 10: steps[3] deliver at 2026-10-30 12:00: refused with already_delivered: "
    )


@pytest.mark.parametrize(
    ("find", "put", "path"),
    [
        (
            "refused: {code: already_delivered, deliver: {order: o1}}",
            NOT_YET,
            "pay_link",
        ),
        ("deliver: {order: o1}}}", f"{NOT_YET}}}}}", "refused.pay_link"),
    ],
)
def test_a_verb_that_does_not_exist_yet_is_refused_at_its_line(find: str, put: str, path: str) -> None:
    outcome = altered((find, put))
    assert outcome.code == "not_supported"
    assert messages(outcome) == [f"line 10: steps[3].{path}: not supported yet"]
    assert not outcome.events


def test_keys_that_do_not_exist_yet_are_refused_at_their_lines() -> None:
    outcome = altered(
        ("lines: [{sku: DV-1Y}]", "end_user: 山田, lines: [{sku: DV-1Y}]"),
        ("unmatched_transfers: 0", "links: {acme: {state: open}}"),
    )
    assert outcome.code == "not_supported"
    assert messages(outcome) == [
        "line 8: steps[1].order.end_user: not supported yet",
        "line 19: steps[4].expect.links: not supported yet",
    ]


def test_a_payment_method_that_cannot_be_used_yet_is_not_supported() -> None:
    outcome = altered(
        ("start:", "policy: {payment_methods: [later_transfer, transfer], first_method: transfer}\nstart:"),
        ("lines: [{sku: DV-1Y}]", "pays: transfer, lines: [{sku: DV-1Y}]"),
    )
    assert outcome.code == "not_supported"

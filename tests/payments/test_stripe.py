"""Our side of Stripe, against the sandbox: what goes over the wire, and how answers are told apart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs

import pytest

from payments.gateways.port import (
    BadSignature,
    ChargeOutcome,
    ChargeWish,
    DisputeOutcome,
    DisputeSeen,
    EventAbout,
    Misconfigured,
    RefundOutcome,
    RefundWish,
    Rejected,
    SetupOutcome,
    UnknownAnswer,
)
from payments.gateways.stripe import StripeGateway
from payments.sandbox.webhooks import sign
from tests.factories import unique
from tests.payments.stripe_sandbox import (
    ASKS_HOLDER,
    CREDIT,
    DECLINED,
    NO_FUNDS,
    SECRET,
    SandboxProcess,
    running,
)

RETURN = "http://alpha.localhost:8000/cards/return/?setup=1"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    with running() as process:
        yield process


@pytest.fixture(scope="module")
def stripe(sandbox: SandboxProcess) -> StripeGateway:
    return sandbox.gateway()


def wish_for(sandbox: SandboxProcess, number: str, amount: int = 33_000) -> ChargeWish:
    """A card of a new holder, entered by clicking, and the wish to charge it."""
    stripe, key = sandbox.gateway(), unique("key")
    holder = stripe.ensure_holder(key=key, name="株式会社アクメ", tenant="alpha")
    opened = stripe.open_setup(
        key=key, holder=holder, return_url=RETURN, cancel_url="http://x/", tenant="alpha"
    )
    assert sandbox.click(opened.url, card=number) == RETURN
    card = stripe.read_setup(opened.session).card
    assert card is not None
    return ChargeWish(f"charge-{key}", holder, card.id, amount, "O-2026-1", "alpha")


def test_yen_go_over_the_wire_as_they_are(sandbox: SandboxProcess, stripe: StripeGateway) -> None:
    wish = wish_for(sandbox, CREDIT, 33_001)
    stripe.charge(wish)
    request = sandbox.requests("/v1/payment_intents")[-1]
    sent = parse_qs(request["body"])
    assert (sent["amount"], sent["currency"]) == (["33001"], ["jpy"])
    assert (sent["off_session"], sent["confirm"]) == (["true"], ["true"])
    assert sent["allowed_payment_method_types[0]"] == ["card"]
    assert sent["metadata[order_number]"] == ["O-2026-1"]
    assert sent["metadata[tenant]"] == ["alpha"]
    assert request["headers"]["Idempotency-Key"] == wish.key
    stripe.refund(RefundWish(f"refund-{wish.key}", stripe.charge(wish).id, 1_234, "O-2026-1", "alpha"))
    assert parse_qs(sandbox.requests("/v1/refunds")[-1]["body"])["amount"] == ["1234"]


def test_a_setup_is_open_until_a_card_is_entered(sandbox: SandboxProcess, stripe: StripeGateway) -> None:
    key = unique("key")
    holder = stripe.ensure_holder(key=key, name="株式会社アクメ", tenant="alpha")
    assert stripe.ensure_holder(key=key, name="株式会社アクメ", tenant="alpha") == holder
    opened = stripe.open_setup(
        key=key, holder=holder, return_url=RETURN, cancel_url="http://x/", tenant="alpha"
    )
    assert stripe.read_setup(opened.session).outcome == SetupOutcome.OPEN
    sandbox.click(opened.url, card=CREDIT)
    card = stripe.read_setup(opened.session).card
    assert card is not None
    assert (card.brand, card.funding, card.last4) == ("visa", "credit", "4242")
    stripe.forget_card(card.id)
    stripe.forget_card(card.id)


def test_an_expired_setup(sandbox: SandboxProcess, stripe: StripeGateway) -> None:
    key = unique("key")
    holder = stripe.ensure_holder(key=key, name="A", tenant="alpha")
    opened = stripe.open_setup(
        key=key, holder=holder, return_url=RETURN, cancel_url="http://x/", tenant="alpha"
    )
    sandbox.ask(f"/v1/checkout/sessions/{opened.session}/expire", "")
    assert stripe.read_setup(opened.session).outcome == SetupOutcome.EXPIRED


@pytest.mark.parametrize(
    ("number", "outcome", "code"),
    [
        (CREDIT, ChargeOutcome.SUCCEEDED, ""),
        (DECLINED, ChargeOutcome.DECLINED, "generic_decline"),
        (NO_FUNDS, ChargeOutcome.DECLINED, "insufficient_funds"),
        (ASKS_HOLDER, ChargeOutcome.NEEDS_CUSTOMER, ""),
    ],
)
def test_answers_are_told_apart(
    sandbox: SandboxProcess, stripe: StripeGateway, number: str, outcome: ChargeOutcome, code: str
) -> None:
    wish = wish_for(sandbox, number)
    seen = stripe.charge(wish)
    assert (seen.outcome, seen.decline_code) == (outcome, code)
    assert stripe.charge(wish) == seen, "the same key has the same answer"
    assert stripe.read_charge(seen.id) == seen
    assert stripe.find_charge(key=wish.key, holder=wish.holder) == seen
    assert stripe.find_charge(key="another", holder=wish.holder) is None


def test_after_a_lost_answer_the_same_key_is_the_same_charge(
    sandbox: SandboxProcess, stripe: StripeGateway
) -> None:
    wish = wish_for(sandbox, CREDIT)
    sandbox.control("faults", path="/v1/payment_intents", kind="after")
    with pytest.raises(UnknownAnswer):
        stripe.charge(wish)
    stripe.charge(wish)
    charged = sandbox.ask(f"/v1/charges?customer={wish.holder}")[1]["data"]
    assert [charge["amount"] for charge in charged] == [33_000]


@pytest.mark.parametrize("kind", ["before", "error"])
def test_a_lost_call_and_a_fault_over_there_settle_nothing(
    sandbox: SandboxProcess, stripe: StripeGateway, kind: str
) -> None:
    wish = wish_for(sandbox, CREDIT)
    sandbox.control("faults", path="/v1/payment_intents", kind=kind)
    asked = len(sandbox.requests("/v1/payment_intents"))
    with pytest.raises(UnknownAnswer):
        stripe.charge(wish)
    assert len(sandbox.requests("/v1/payment_intents")) == asked + 1, "the SDK must not try again by itself"
    assert stripe.charge(wish).outcome == ChargeOutcome.SUCCEEDED


def test_an_answer_that_takes_too_long_is_unknown(sandbox: SandboxProcess) -> None:
    wish = wish_for(sandbox, CREDIT)
    sandbox.control("faults", path="/v1/payment_intents", kind="hold")
    with pytest.raises(UnknownAnswer):
        sandbox.gateway(timeout=0.3).charge(wish)


def test_the_same_key_with_another_body_is_not_an_answer(
    sandbox: SandboxProcess, stripe: StripeGateway
) -> None:
    wish = wish_for(sandbox, CREDIT)
    stripe.charge(wish)
    with pytest.raises(UnknownAnswer, match="same parameters"):
        stripe.charge(replace(wish, amount=1))


def test_keys_that_are_wrong_or_missing(sandbox: SandboxProcess) -> None:
    with pytest.raises(Misconfigured):
        sandbox.gateway(secret_key="sk_test_other").ensure_holder(key="k", name="A", tenant="alpha")
    with pytest.raises(Misconfigured):
        sandbox.gateway(secret_key="")


def test_a_detached_card_is_rejected(sandbox: SandboxProcess, stripe: StripeGateway) -> None:
    wish = wish_for(sandbox, CREDIT)
    stripe.forget_card(wish.card)
    with pytest.raises(Rejected) as rejected:
        stripe.charge(wish)
    assert rejected.value.code == "payment_method_unexpected_state"


@pytest.mark.parametrize(
    ("answer", "outcome"), [("yes", ChargeOutcome.SUCCEEDED), ("no", ChargeOutcome.DECLINED)]
)
def test_the_holder_confirms_or_not(
    sandbox: SandboxProcess, stripe: StripeGateway, answer: str, outcome: ChargeOutcome
) -> None:
    charge = stripe.charge(wish_for(sandbox, ASKS_HOLDER))
    asked = stripe.confirm(charge.id, return_url="http://alpha.localhost:8000/back/")
    assert asked.outcome == ChargeOutcome.NEEDS_CUSTOMER
    assert stripe.confirm(charge.id, return_url="http://alpha.localhost:8000/back/") == asked
    back = sandbox.click(asked.confirm_url, answer=answer)
    assert back.startswith("http://alpha.localhost:8000/back/?payment_intent=")
    assert stripe.read_charge(charge.id).outcome == outcome


def test_cancelling(sandbox: SandboxProcess, stripe: StripeGateway) -> None:
    waiting = stripe.charge(wish_for(sandbox, ASKS_HOLDER))
    assert stripe.cancel(waiting.id).outcome == ChargeOutcome.CANCELLED
    assert stripe.cancel(waiting.id).outcome == ChargeOutcome.CANCELLED
    charged = stripe.charge(wish_for(sandbox, CREDIT))
    assert stripe.cancel(charged.id).outcome == ChargeOutcome.SUCCEEDED


def test_refunds_have_a_limit(sandbox: SandboxProcess, stripe: StripeGateway) -> None:
    charge = stripe.charge(wish_for(sandbox, CREDIT)).id
    wish = RefundWish(unique("refund"), charge, 20_000, "O-2026-1", "alpha")
    seen = stripe.refund(wish)
    assert seen.outcome == RefundOutcome.SUCCEEDED
    assert stripe.refund(wish) == seen
    assert stripe.find_refund(key=wish.key, charge=charge) == seen
    assert stripe.read_refund(seen.id) == seen
    with pytest.raises(Rejected) as rejected:
        stripe.refund(replace(wish, key=unique("refund"), amount=13_001))
    assert rejected.value.code == "amount_too_large"
    sandbox.control("failed_refunds", refund=seen.id)
    failed = stripe.read_refund(seen.id)
    assert (failed.outcome, failed.error) == (RefundOutcome.FAILED, "expired_or_canceled_card")


def test_events_say_what_they_are_about(sandbox: SandboxProcess, stripe: StripeGateway) -> None:
    wish = wish_for(sandbox, CREDIT)
    charge = stripe.charge(wish).id
    stripe.refund(RefundWish(unique("refund"), charge, 3_000, "O-2026-1", "alpha"))
    dispute = sandbox.control("disputes", payment_intent=charge)["id"]
    told = [stripe.understand(event) for event in sandbox.events()]
    about_it = [(event.kind, event.about, event.key == wish.key) for event in told if event.subject == charge]
    assert about_it == [
        ("payment_intent.created", EventAbout.CHARGE, True),
        ("payment_intent.succeeded", EventAbout.CHARGE, True),
    ]
    disputed = [event for event in told if event.about == EventAbout.DISPUTE]
    assert {(event.subject, event.charge, event.tenant) for event in disputed} == {(dispute, charge, "")}
    assert stripe.read_dispute(dispute) == DisputeSeen(dispute, charge, 30_000, DisputeOutcome.TAKEN)


def test_a_dispute_is_decided(sandbox: SandboxProcess, stripe: StripeGateway) -> None:
    charge = stripe.charge(wish_for(sandbox, CREDIT)).id
    seen = []
    for is_won in (False, True):
        dispute = sandbox.control("disputes", payment_intent=charge)["id"]
        with pytest.raises(Rejected, match="charged back"):
            stripe.refund(RefundWish(unique("refund"), charge, 1, "O-2026-1", "alpha"))
        sandbox.control("closed_disputes", dispute=dispute, won=is_won)
        seen.append(stripe.read_dispute(dispute).outcome)
    assert seen == [DisputeOutcome.LOST, DisputeOutcome.WON]


def test_a_refund_by_hand_names_its_charge_and_nobody(sandbox: SandboxProcess, stripe: StripeGateway) -> None:
    charge = stripe.charge(wish_for(sandbox, CREDIT)).id
    refund = sandbox.control("refunds", payment_intent=charge, amount=500)["id"]
    seen = stripe.read_refund(refund)
    assert (seen.charge, seen.amount, seen.outcome) == (charge, 500, RefundOutcome.SUCCEEDED)
    [told] = [each for each in map(stripe.understand, sandbox.events()) if each.subject == refund]
    assert (told.charge, told.key, told.tenant) == (charge, "", "")


def test_signatures(stripe: StripeGateway) -> None:
    thing = {"object": "payment_intent", "id": "pi_1", "metadata": {"tenant": "alpha"}}
    body = json.dumps({"id": "evt_1", "object": "event", "type": "x", "data": {"object": thing}}).encode()
    event = stripe.parse_event(body, sign(body, SECRET))
    assert (event.id, event.about, event.subject, event.tenant) == ("evt_1", "charge", "pi_1", "alpha")
    for signature in (
        "",
        "t=1,v1=0",
        sign(body, "whsec_other"),
        sign(body, SECRET, at=1),
        sign(b"{}", SECRET),
    ):
        with pytest.raises(BadSignature):
            stripe.parse_event(body, signature)

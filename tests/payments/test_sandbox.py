"""The sandbox itself: it answers as Stripe does, remembers keys, signs and repeats its events."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from payments.sandbox import objects
from payments.sandbox.cards import BY_NUMBER
from tests.factories import unique
from tests.payments.stripe_sandbox import CREDIT, SandboxProcess, running
from tests.payments.test_stripe import wish_for
from tests.shared import SHARED

SAMPLES = SHARED / "data" / "stripe" / "fixtures3.json"
OURS = (
    "customer",
    "checkout.session",
    "setup_intent",
    "payment_method",
    "payment_intent",
    "charge",
    "refund",
    "dispute",
    "event",
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    with running() as process:
        yield process


def samples() -> dict[str, Any]:
    method = objects.payment_method("pm_1", BY_NUMBER[CREDIT])
    intent = objects.payment_intent("pi_1", asked={"amount": 1, "currency": "jpy"})
    charge = objects.charge("ch_1", intent=intent, method=method, paid=True)
    return {
        "customer": objects.customer("cus_1", name="A", email=None),
        "checkout.session": objects.checkout_session(
            "cs_1", asked={"success_url": "/"}, intent="seti_1", url="/"
        ),
        "setup_intent": objects.setup_intent("seti_1", customer_id="cus_1"),
        "payment_method": method,
        "payment_intent": intent,
        "charge": charge,
        "refund": objects.refund("re_1", amount=1, of=charge, metadata={}),
        "dispute": objects.dispute("dp_1", of=charge, amount=1),
        "event": objects.event("evt_1", kind="charge.succeeded", about=charge, key=None),
    }


def lacking(sample: Any, ours: Any, path: str = "") -> list[str]:
    """Fields of Stripe's sample that ours lacks; what we leave null or empty is not looked into."""
    if not isinstance(sample, dict) or not isinstance(ours, dict) or not ours:
        return []
    found = [f"{path}{name}" for name in sample if name not in ours]
    for name in sample.keys() & ours.keys() - {"metadata", "object"}:
        found += lacking(sample[name], ours[name], f"{path}{name}.")
    return found


@pytest.mark.skipif(not SAMPLES.exists(), reason=f"Stripe's samples are not there: {SAMPLES}")
@pytest.mark.parametrize("kind", OURS)
def test_our_objects_have_the_fields_of_stripes_samples(kind: str) -> None:
    sample = json.loads(SAMPLES.read_text())["resources"][kind]
    sample.pop("data", None)  # what an event is about has a sample of its own
    assert lacking(sample, samples()[kind]) == []


def post(sandbox: SandboxProcess, path: str, body: str, key: str = "") -> tuple[int, Any, Any]:
    return sandbox.ask(path, body, {"Idempotency-Key": key} if key else {})


def error_of(sandbox: SandboxProcess, path: str, body: str, key: str = "") -> tuple[int, str, str]:
    status, content, _headers = post(sandbox, path, body, key)
    return status, content["error"]["type"], content["error"].get("code", "")


def test_a_key_is_remembered_with_its_body(sandbox: SandboxProcess) -> None:
    key = unique("key")
    first = post(sandbox, "/v1/customers", "name=A", key)
    again = post(sandbox, "/v1/customers", "name=A", key)
    assert again[1] == first[1]
    assert (first[2]["Idempotent-Replayed"], again[2]["Idempotent-Replayed"]) == (None, "true")
    assert error_of(sandbox, "/v1/customers", "name=B", key) == (400, "idempotency_error", "")
    assert post(sandbox, "/v1/customers", "name=B", unique("key"))[1]["id"] != first[1]["id"]


def test_a_refusal_of_the_card_company_is_remembered_and_bad_input_is_not(sandbox: SandboxProcess) -> None:
    wish = wish_for(sandbox, "4000000000009995")
    body = (
        f"amount=100&currency=jpy&customer={wish.holder}&payment_method={wish.card}&confirm=true"
        "&off_session=true"
    )
    first, again = (post(sandbox, "/v1/payment_intents", body, wish.key) for _time in range(2))
    assert first[0] == again[0] == 402
    assert first[1] == again[1]
    error = first[1]["error"]
    assert (error["type"], error["code"], error["decline_code"]) == (
        "card_error",
        "card_declined",
        "insufficient_funds",
    )
    assert error["payment_intent"]["status"] == "requires_payment_method"
    key = unique("key")
    assert error_of(sandbox, "/v1/customers", "nonsense=1", key)[2] == "parameter_unknown"
    assert post(sandbox, "/v1/customers", "name=A", key)[0] == 200


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("/v1/payment_intents", "currency=jpy", (400, "parameter_missing")),
        ("/v1/payment_intents", "amount=1.5&currency=jpy", (400, "parameter_invalid_integer")),
        ("/v1/payment_intents", "amount=0&currency=jpy", (400, "amount_too_small")),
        (
            "/v1/payment_intents",
            "amount=1&currency=jpy&payment_method_types[0]=card",
            (400, "payment_method_types_no_longer_supported"),
        ),
        ("/v1/checkout/sessions", "mode=setup&success_url=/&currency=jpy", (400, "parameter_missing")),
        ("/v1/refunds", "payment_intent=pi_0", (404, "resource_missing")),
        ("/v1/unknown", "", (404, "")),
    ],
)
def test_what_stripe_would_refuse(
    sandbox: SandboxProcess, path: str, body: str, expected: tuple[int, str]
) -> None:
    status, kind, code = error_of(sandbox, path, body)
    assert (status, code) == expected
    assert kind == "invalid_request_error"


def test_without_the_key_nothing_is_told(sandbox: SandboxProcess) -> None:
    assert sandbox.ask("/v1/customers", headers={"Authorization": "Bearer other"})[0] == 401


def test_the_page_is_japanese_and_ends_with_the_card(sandbox: SandboxProcess) -> None:
    stripe, key = sandbox.gateway(), unique("key")
    holder = stripe.ensure_holder(key=key, name="A", tenant="alpha")
    opened = stripe.open_setup(
        key=key, holder=holder, return_url="http://x/", cancel_url="http://y/", tenant="alpha"
    )
    page = sandbox.page(opened.url)
    assert 'lang="ja"' in page
    assert all(name in page for name in ("カード情報の登録", "JCB", "デビット", "プリペイド", "3Dセキュア"))
    assert sandbox.click(opened.url, card=CREDIT) == "http://x/"
    assert sandbox.ask(opened.url.removeprefix(sandbox.base))[0] == 410
    assert sandbox.ask("/pay/cs_unknown")[0] == 404


class Receiver:
    """A web server that refuses the first message it gets; `repeated` when that one has come again."""

    def __init__(self) -> None:
        self.got: list[tuple[str, bytes, str]] = []
        self.repeated = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((self.headers["Host"], body, self.headers["Stripe-Signature"]))
                self.send_response(500 if len(receiver.got) == 1 else 200)
                self.end_headers()
                if len(receiver.got) > 1 and body == receiver.got[0][1]:
                    receiver.repeated.set()

            def log_message(self, *_args: Any) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def test_events_are_signed_for_their_tenant_and_repeated_until_taken() -> None:
    receiver = Receiver()
    port = receiver.server.server_port
    try:
        with running(f"--webhook=http://{{tenant}}.localhost:{port}/webhooks/stripe/") as sandbox:
            stripe = sandbox.gateway()
            wish_for(sandbox, CREDIT)
            assert receiver.repeated.wait(30)
            told = [stripe.parse_event(body, signature) for _host, body, signature in receiver.got]
    finally:
        receiver.server.shutdown()
    assert {host for host, _body, _signature in receiver.got} == {f"alpha.localhost:{port}"}
    assert {event.tenant for event in told} == {"alpha"}
    ids = [event.id for event in told]
    assert [ids.count(each) for each in dict.fromkeys(ids)] == [2] + [1] * (len(set(ids)) - 1)


def test_what_was_done_is_kept_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "cards.json"
    with running(f"--file={file}") as sandbox:
        customer = post(sandbox, "/v1/customers", "name=A", "key")[1]
    with running(f"--file={file}") as sandbox:
        assert sandbox.ask(f"/v1/customers/{customer['id']}")[1] == customer
        assert post(sandbox, "/v1/customers", "name=A", "key")[1] == customer

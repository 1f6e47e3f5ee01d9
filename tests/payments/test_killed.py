"""A process dies between intent and call, between call and answer, between answer and booking; then the
sweep finishes what it began, once. The provider is the sandbox, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import Customer, Tenant
from billing_project import clock
from billing_project.embedded.places import CHECKOUT
from billing_project.tenancy.context import tenant_context
from ledger.models import Entry, Reason
from ledger.verification import verify
from payments.gateways import using
from payments.models import Card, CardPayment, CardPaymentState, CardRefund, CardRefundState
from payments.services.cards import collect, finish_setup
from payments.services.cards.sweeping import talk
from tests.factories import make_customer
from tests.payments.books import account, standing
from tests.payments.cards import intended, visit
from tests.payments.stripe_sandbox import CREDIT, SandboxProcess, running

LATER = timedelta(minutes=5)
LIMIT_SECONDS = 30


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    with running() as process:
        yield process


@pytest.fixture
def card(sandbox: SandboxProcess, tenant: Tenant) -> Iterator[Card]:
    with using(sandbox.gateway()):
        with tenant_context(tenant):
            customer = make_customer(pays="card")
        setup = visit(customer)
        sandbox.click(setup.url, card=CREDIT)
        yield finish_setup(setup)


@pytest.fixture
def charged(card: Card) -> CardPayment:
    with tenant_context(card.tenant_id):
        payment = intended(card)
    return collect(payment)


class Process:
    """The collector at work."""

    def __init__(self, sandbox: SandboxProcess, act: str, tenant_id: int, about: int) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.payments.collector", act, str(tenant_id), str(about)],
            cwd=CHECKOUT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "billing_project.settings",
                **sandbox.environment(),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def intended(self) -> int:
        """What it has intended and committed; it waits to be let on."""
        assert self._child.stdout is not None
        return int(self._child.stdout.readline())

    def go_on(self) -> None:
        assert self._child.stdin is not None
        self._child.stdin.write("\n")
        self._child.stdin.flush()

    def kill(self) -> None:
        self._child.kill()
        self._child.communicate()


@contextmanager
def process(*arguments: Any) -> Iterator[Process]:
    started = Process(*arguments)
    try:
        yield started
    finally:
        started.kill()


def until(holds: Callable[[], object]) -> None:
    """Waits for what another process does."""
    give_up = time.monotonic() + LIMIT_SECONDS
    while not holds():
        assert time.monotonic() < give_up, "It did not happen."
        time.sleep(0.02)


def somebody_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return bool(cursor.fetchone()[0])


def sweep(tenant: Tenant) -> None:
    with clock.frozen(clock.now() + LATER):
        talk(tenant.pk)
        talk(tenant.pk)


def charges(sandbox: SandboxProcess, customer: Customer) -> list[int]:
    """What the provider has charged to the customer's cards."""
    found = sandbox.ask("/v1/charges?limit=1000")[1]["data"]
    return [each["amount"] for each in found if each["metadata"]["shimebi_key"] in _keys(customer)]


def _keys(customer: Customer) -> set[str]:
    keys = CardPayment.objects.filter(customer=customer).values_list("public_id", flat=True)
    return {str(key) for key in keys}


def is_charged_once(sandbox: SandboxProcess, card: Card) -> None:
    with tenant_context(card.tenant_id):
        payment = CardPayment.objects.get()
        assert payment.state == CardPaymentState.SUCCEEDED
        assert charges(sandbox, card.customer) == [33_000]
        assert Entry.objects.filter(reason=Reason.CARD_CHARGED).count() == 1
        assert account("card_clearing") == 33_000
        assert verify() == []


def test_killed_between_intent_and_call(sandbox: SandboxProcess, tenant: Tenant, card: Card) -> None:
    with process(sandbox, "charge", tenant.pk, card.pk) as child:
        child.intended()
    sweep(tenant)
    is_charged_once(sandbox, card)


def test_killed_between_call_and_answer(sandbox: SandboxProcess, tenant: Tenant, card: Card) -> None:
    asked = len(sandbox.requests("/v1/payment_intents"))
    sandbox.control("faults", path="/v1/payment_intents", kind="hold")
    with process(sandbox, "charge", tenant.pk, card.pk) as child:
        child.intended()
        child.go_on()
        until(lambda: len(sandbox.requests("/v1/payment_intents")) > asked)
    with tenant_context(tenant):
        assert CardPayment.objects.get().state == CardPaymentState.INTENDED
        assert charges(sandbox, card.customer) == [33_000]
    sweep(tenant)
    is_charged_once(sandbox, card)


def test_killed_between_answer_and_booking(sandbox: SandboxProcess, tenant: Tenant, card: Card) -> None:
    with process(sandbox, "charge", tenant.pk, card.pk) as child:
        payment_id = child.intended()
        with tenant_context(tenant):
            CardPayment.objects.select_for_update().get(pk=payment_id)
            child.go_on()
            until(somebody_waits_for_us)
            child.kill()
    with tenant_context(tenant):
        assert CardPayment.objects.get().state == CardPaymentState.INTENDED
        assert charges(sandbox, card.customer) == [33_000]
    sweep(tenant)
    is_charged_once(sandbox, card)


def is_given_back_once(sandbox: SandboxProcess, payment: CardPayment) -> None:
    given = sandbox.ask(f"/v1/refunds?payment_intent={payment.gateway_id}")[1]["data"]
    assert [refund["amount"] for refund in given] == [33_000]
    with tenant_context(payment.tenant_id):
        assert CardRefund.objects.get().state == CardRefundState.SUCCEEDED
        assert Entry.objects.filter(reason=Reason.CARD_REFUNDED).count() == 1
        assert (standing(payment.customer), account("card_clearing")) == ((0, 0), 0)
        assert verify() == []


def test_a_refund_killed_before_its_call(
    sandbox: SandboxProcess, tenant: Tenant, charged: CardPayment
) -> None:
    with process(sandbox, "refund", tenant.pk, charged.pk) as child:
        child.intended()
    sweep(tenant)
    is_given_back_once(sandbox, charged)


def test_a_refund_killed_before_its_answer(
    sandbox: SandboxProcess, tenant: Tenant, charged: CardPayment
) -> None:
    asked = len(sandbox.requests("/v1/refunds"))
    sandbox.control("faults", path="/v1/refunds", kind="hold")
    with process(sandbox, "refund", tenant.pk, charged.pk) as child:
        child.intended()
        child.go_on()
        until(lambda: len(sandbox.requests("/v1/refunds")) > asked)
    sweep(tenant)
    is_given_back_once(sandbox, charged)


def test_a_refund_killed_before_its_booking(
    sandbox: SandboxProcess, tenant: Tenant, charged: CardPayment
) -> None:
    with process(sandbox, "refund", tenant.pk, charged.pk) as child:
        child.intended()
        with tenant_context(tenant):
            CardPayment.objects.select_for_update().get(pk=charged.pk)
            child.go_on()
            until(somebody_waits_for_us)
            child.kill()
    sweep(tenant)
    is_given_back_once(sandbox, charged)

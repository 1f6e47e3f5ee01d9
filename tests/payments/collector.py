"""A process that charges or gives back, to be killed on its way; started by `test_killed`.

It prints what it has done and then waits for a line, so that the test can say when it dies.
"""

from __future__ import annotations

import sys

import django

django.setup()

from billing_project.tenancy.context import tenant_context  # noqa: E402
from payments.models import Card, CardPayment, CardRefund  # noqa: E402
from payments.services.cards import collect, intend_refund  # noqa: E402
from payments.services.cards.refunding import give_back  # noqa: E402
from tests.payments.cards import intended  # noqa: E402


def say(text: object) -> None:
    print(text, flush=True)  # noqa: T201
    sys.stdin.readline()


def charge(tenant_id: int, card_id: int) -> None:
    with tenant_context(tenant_id):
        payment: CardPayment = intended(Card.objects.get(pk=card_id))
    say(payment.pk)
    collect(payment)
    say("charged")


def refund(tenant_id: int, payment_id: int) -> None:
    with tenant_context(tenant_id):
        payment = CardPayment.objects.get(pk=payment_id)
        asked: CardRefund = intend_refund(card_payment=payment, amount=payment.amount)
    say(asked.pk)
    give_back(asked)
    say("given back")


if __name__ == "__main__":
    act = {"charge": charge, "refund": refund}[sys.argv[1]]
    act(int(sys.argv[2]), int(sys.argv[3]))

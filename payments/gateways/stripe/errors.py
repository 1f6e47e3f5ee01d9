"""The SDK's errors in our words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import stripe

from payments.gateways.port import ChargeSeen, Misconfigured, Rejected, UnknownAnswer
from payments.gateways.stripe.readings import charge_seen


@contextmanager
def told_apart() -> Iterator[None]:
    """A key that is in use means that the first call is still under way."""
    try:
        yield
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise Misconfigured(str(error)) from error
    except (stripe.CardError, stripe.InvalidRequestError) as error:
        if (error.http_status or 0) in (409, 429) or error.code == "lock_timeout":
            raise UnknownAnswer(str(error)) from error
        raise Rejected(error.code or "invalid_request", str(error)) from error
    except stripe.StripeError as error:
        raise UnknownAnswer(str(error)) from error


def answer(call: Callable[[], stripe.PaymentIntent]) -> ChargeSeen:
    """A refusal of the card company is an answer: it comes with the charge it is about."""
    with told_apart():
        try:
            return charge_seen(call().to_dict())
        except stripe.CardError as error:
            body: Any = error.json_body
            if "payment_intent" not in body["error"]:
                raise
            return charge_seen({**body["error"]["payment_intent"], "last_payment_error": body["error"]})

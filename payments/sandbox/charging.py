"""Payment intents: charged without their holder, confirmed by him, cancelled."""

from __future__ import annotations

from collections.abc import Callable

from payments.sandbox import objects
from payments.sandbox.cards import BY_NUMBER
from payments.sandbox.errors import ApiError, invalid, missing
from payments.sandbox.forms import check_known, is_true, required, whole_amount
from payments.sandbox.objects import Thing, now
from payments.sandbox.store import Store

_PARAMETERS = {
    "amount",
    "currency",
    "customer",
    "payment_method",
    "allowed_payment_method_types",
    "off_session",
    "confirm",
    "description",
    "metadata",
    "return_url",
    "expand",
}
DONE = ("succeeded", "canceled")
MESSAGES = {
    "insufficient_funds": "Your card has insufficient funds.",
    "authentication_required": "Your card was declined. This transaction requires authentication.",
    "payment_intent_authentication_failure": "The provided payment method has failed authentication.",
}


class Charging:
    def __init__(self, store: Store, *, base: str, tell: Callable[[str, Thing], None]) -> None:
        self._store, self._base, self._tell = store, base, tell

    def create(self, asked: Thing) -> Thing:
        check_known(asked, _PARAMETERS)
        amount = whole_amount(asked)
        required(asked, "currency")
        confirms, off_session = is_true(asked, "confirm"), is_true(asked, "off_session")
        if off_session and not confirms:
            raise invalid("off_session can only be used when confirm=true.", param="off_session")
        if confirms:
            self._check_method(asked)
        intent = objects.payment_intent(self._store.new_id("pi"), asked={**asked, "amount": amount})
        self._store.add(intent)
        self._tell("payment_intent.created", intent)
        return self._confirm(intent, holder_is_here=not off_session) if confirms else intent

    def confirm(self, intent: Thing, asked: Thing) -> Thing:
        check_known(asked, {"payment_method", "return_url", "off_session", "expand"})
        if intent["status"] in DONE:
            raise self._unexpected(intent, "confirm")
        if "payment_method" in asked:
            self._check_method({**asked, "customer": intent["customer"]})
            intent["payment_method"] = asked["payment_method"]
        return self._confirm(
            intent,
            holder_is_here=not is_true(asked, "off_session"),
            return_url=asked.get("return_url", ""),
        )

    def cancel(self, intent: Thing, asked: Thing) -> Thing:
        check_known(asked, {"cancellation_reason", "expand"})
        if intent["status"] in DONE:
            raise self._unexpected(intent, "cancel")
        intent |= {"status": "canceled", "canceled_at": now(), "next_action": None}
        self._tell("payment_intent.canceled", intent)
        return intent

    def holder_answers(self, intent: Thing, *, agrees: bool) -> str:
        """What the page of the holder's bank does; where it sends the browser afterwards."""
        return_url = intent["next_action"]["redirect_to_url"]["return_url"]
        intent["next_action"] = None
        if agrees:
            self._succeed(intent)
        else:
            code = "payment_intent_authentication_failure"
            self._fail(intent, self._error(intent, code, ""))
        joint = "&" if "?" in return_url else "?"
        status = "succeeded" if agrees else "failed"
        return f"{return_url}{joint}payment_intent={intent['id']}&redirect_status={status}"

    def _confirm(self, intent: Thing, *, holder_is_here: bool, return_url: str = "") -> Thing:
        card = BY_NUMBER[self._store.cards[intent["payment_method"]]]
        if card.declines:
            raise self._refuse(intent, "card_declined", card.declines)
        if not card.asks_holder:
            self._succeed(intent)
        elif holder_is_here:
            self._ask_holder(intent, return_url)
        else:
            raise self._refuse(intent, "authentication_required", "authentication_required")
        return intent

    def _ask_holder(self, intent: Thing, return_url: str) -> None:
        if not return_url:
            raise invalid("This payment needs a return_url.", code="parameter_missing", param="return_url")
        page = {"url": f"{self._base}/3ds/{intent['id']}", "return_url": return_url}
        intent |= {
            "status": "requires_action",
            "last_payment_error": None,
            "next_action": {"type": "redirect_to_url", "redirect_to_url": page},
        }
        self._tell("payment_intent.requires_action", intent)

    def _succeed(self, intent: Thing) -> None:
        charge = self._charge(intent, paid=True)
        intent |= {
            "status": "succeeded",
            "amount_received": intent["amount"],
            "last_payment_error": None,
            "latest_charge": charge["id"],
        }
        self._tell("charge.succeeded", charge)
        self._tell("payment_intent.succeeded", intent)

    def _refuse(self, intent: Thing, code: str, decline_code: str) -> ApiError:
        charge = self._charge(intent, paid=False, decline_code=decline_code)
        intent["latest_charge"] = charge["id"]
        error = self._error(intent, code, decline_code)
        self._tell("charge.failed", charge)
        self._fail(intent, error)
        message = error.pop("message")
        more = {**error, "charge": charge["id"], "payment_intent": dict(intent)}
        more.pop("type")
        return ApiError(402, "card_error", message, executed=True, **more)

    def _fail(self, intent: Thing, error: Thing) -> None:
        intent |= {"status": "requires_payment_method", "last_payment_error": dict(error)}
        self._tell("payment_intent.payment_failed", intent)

    def _error(self, intent: Thing, code: str, decline_code: str) -> Thing:
        error: Thing = {
            "type": "card_error",
            "code": code,
            "message": MESSAGES.get(decline_code or code, "Your card was declined."),
            "payment_method": self._store.things[intent["payment_method"]],
        }
        return {**error, "decline_code": decline_code} if decline_code else error

    def _charge(self, intent: Thing, *, paid: bool, decline_code: str = "") -> Thing:
        method = self._store.things[intent["payment_method"]]
        return self._store.add(
            objects.charge(
                self._store.new_id("ch"), intent=intent, method=method, paid=paid, decline_code=decline_code
            )
        )

    def _check_method(self, asked: Thing) -> None:
        method_id = required(asked, "payment_method")
        method = self._store.things.get(method_id)
        if method is None or method["object"] != "payment_method":
            raise missing("PaymentMethod", method_id, "payment_method")
        if method["customer"] is None or method["customer"] != asked.get("customer"):
            raise invalid(
                "The provided PaymentMethod cannot be used by this customer. It may have been detached.",
                code="payment_method_unexpected_state",
                param="payment_method",
            )

    def _unexpected(self, intent: Thing, act: str) -> ApiError:
        return ApiError(
            400,
            "invalid_request_error",
            f"You cannot {act} this PaymentIntent because it has a status of {intent['status']}.",
            code="payment_intent_unexpected_state",
            payment_intent=intent,
        )

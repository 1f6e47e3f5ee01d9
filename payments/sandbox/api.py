"""The API itself: each path of Stripe's that we use, and what it does to what is stored."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from payments.sandbox import objects
from payments.sandbox.cards import BY_NUMBER, TestCard
from payments.sandbox.charging import Charging
from payments.sandbox.errors import invalid, missing, unknown_path
from payments.sandbox.forms import check_known, required, whole_amount
from payments.sandbox.objects import Thing
from payments.sandbox.store import Store

Tell = Callable[[str, Thing], None]
LIST_LIMIT = 10
KINDS = {
    "customers": "customer",
    "checkout/sessions": "checkout.session",
    "setup_intents": "setup_intent",
    "payment_methods": "payment_method",
    "payment_intents": "payment_intent",
    "charges": "charge",
    "refunds": "refund",
    "disputes": "dispute",
    "events": "event",
}
FILTERS = {
    "customers": {"email"},
    "payment_intents": {"customer"},
    "payment_methods": {"customer"},
    "charges": {"payment_intent", "customer"},
    "refunds": {"payment_intent", "charge"},
    "disputes": {"payment_intent", "charge"},
}
_PATH = re.compile(rf"/v1/({'|'.join(KINDS)})(?:/(\w+))?(?:/(\w+))?")


class Api:
    """`base`: the address of the hosted pages; `tell(kind, thing)` sends an event."""

    def __init__(self, store: Store, *, base: str, tell: Tell) -> None:
        self.store, self.base, self._tell = store, base, tell
        self.charging = Charging(store, base=base, tell=tell)
        self._creates: dict[str, Callable[[Thing], Thing]] = {
            "customers": self._new_customer,
            "checkout/sessions": self._new_session,
            "payment_intents": self.charging.create,
            "refunds": self._new_refund,
        }
        self._acts: dict[tuple[str, str], Callable[[Thing, Thing], Thing]] = {
            ("checkout/sessions", "expire"): self._expire,
            ("payment_methods", "detach"): self._detach,
            ("payment_intents", "confirm"): self.charging.confirm,
            ("payment_intents", "cancel"): self.charging.cancel,
        }

    def answer(self, method: str, path: str, asked: Thing) -> Thing:
        """Raises ApiError for what Stripe would refuse."""
        found = _PATH.fullmatch(path)
        if found is None:
            raise unknown_path(method, path)
        kind, thing_id, act = found.groups()
        if method == "GET":
            return self.read(kind, thing_id, asked) if thing_id else self._list(kind, path, asked)
        if thing_id is None and kind in self._creates:
            return self._creates[kind](asked)
        if (kind, act) in self._acts:
            return self._acts[kind, act](self.find(kind, thing_id), asked)
        raise unknown_path(method, path)

    def find(self, kind: str, thing_id: str, param: str = "id") -> Thing:
        thing = self.store.things.get(thing_id)
        if thing is None or thing["object"] != KINDS[kind]:
            raise missing(KINDS[kind], thing_id, param)
        return thing

    def read(self, kind: str, thing_id: str, asked: Thing) -> Thing:
        """With `expand`, what a field leads to stands in its place."""
        thing = self.find(kind, thing_id)
        for way in asked.get("expand", []):
            thing = self._expanded(thing, way.split("."))
        return thing

    def enter_card(self, session: Thing, card: TestCard) -> None:
        """What the hosted page does when a card was entered."""
        method = self.store.add(objects.payment_method(self.store.new_id("pm"), card))
        method["customer"] = session["customer"]
        self.store.cards[method["id"]] = card.number
        intent = self.store.things[session["setup_intent"]]
        intent |= {"payment_method": method["id"], "status": "succeeded"}
        session["status"] = "complete"
        self._tell("payment_method.attached", method)
        self._tell("setup_intent.succeeded", intent)
        self._tell("checkout.session.completed", session)

    def open_dispute(self, intent_id: str, amount: int | None) -> Thing:
        """The card company takes a charge back."""
        intent = self.find("payment_intents", intent_id)
        charge = self.store.things[intent["latest_charge"]]
        left = charge["amount"] - charge["amount_refunded"]
        dispute = self.store.add(
            objects.dispute(self.store.new_id("dp"), of=charge, amount=min(amount or left, left))
        )
        charge["disputed"] = True
        self._tell("charge.dispute.created", dispute)
        self._tell("charge.dispute.funds_withdrawn", dispute)
        return dispute

    def close_dispute(self, dispute_id: str, *, won: bool) -> Thing:
        """The card company decides; what it took comes back when the dispute is won."""
        dispute = self.find("disputes", dispute_id)
        dispute |= {"status": "won" if won else "lost", "is_charge_refundable": won}
        self._tell("charge.dispute.closed", dispute)
        if won:
            self._tell("charge.dispute.funds_reinstated", dispute)
        return dispute

    def refund_by_hand(self, intent_id: str, amount: int) -> Thing:
        """Somebody refunds on the provider's own pages: nothing says that it was us."""
        return self._new_refund({"payment_intent": intent_id, "amount": str(amount)})

    def fail_refund(self, refund_id: str) -> Thing:
        """A refund that was reported as done does not arrive."""
        refund = self.find("refunds", refund_id)
        charge = self.store.things[refund["charge"]]
        charge["amount_refunded"] -= refund["amount"]
        charge["refunded"] = False
        refund |= {"status": "failed", "failure_reason": "expired_or_canceled_card"}
        self._tell("refund.failed", refund)
        return refund

    def _is_taken(self, charge: Thing) -> bool:
        disputes = self.store.all("dispute")
        return any(each["charge"] == charge["id"] and each["status"] != "won" for each in disputes)

    def _list(self, kind: str, path: str, asked: Thing) -> Thing:
        filters = FILTERS.get(kind, set())
        check_known(asked, filters | {"limit", "starting_after", "expand"})
        things = self.store.all(KINDS[kind])
        for name in filters & set(asked):
            things = [thing for thing in things if thing.get(name) == asked[name]]
        if after := asked.get("starting_after"):
            ids = [thing["id"] for thing in things]
            things = things[ids.index(after) + 1 :] if after in ids else []
        limit = int(asked.get("limit", LIST_LIMIT))
        return {"object": "list", "url": path, "has_more": len(things) > limit, "data": things[:limit]}

    def _expanded(self, thing: Thing, way: list[str]) -> Thing:
        first, *rest = way
        inner: Any = thing.get(first)
        if isinstance(inner, str):
            inner = self.store.things[inner]
        if rest and isinstance(inner, dict):
            inner = self._expanded(inner, rest)
        return {**thing, first: inner}

    def _new_customer(self, asked: Thing) -> Thing:
        check_known(asked, {"name", "email", "description", "metadata", "phone", "preferred_locales"})
        customer = objects.customer(
            self.store.new_id("cus"), name=asked.get("name"), email=asked.get("email")
        )
        customer["metadata"] = asked.get("metadata", {})
        return self.store.add(customer)

    def _new_session(self, asked: Thing) -> Thing:
        check_known(asked, _SESSION_PARAMETERS)
        if required(asked, "mode") != "setup":
            raise invalid("The sandbox has the mode setup alone.", param="mode")
        required(asked, "success_url")
        if "currency" not in asked and "allowed_payment_method_types" not in asked:
            required(asked, "currency")
        self.find("customers", required(asked, "customer"), "customer")
        intent = self.store.add(
            objects.setup_intent(self.store.new_id("seti"), customer_id=asked["customer"])
        )
        intent["metadata"] = asked.get("setup_intent_data", {}).get("metadata", {})
        session_id = self.store.new_id("cs_test")
        session = objects.checkout_session(
            session_id, asked=asked, intent=intent["id"], url=f"{self.base}/pay/{session_id}"
        )
        session["metadata"] = asked.get("metadata", {})
        return self.store.add(session)

    def _expire(self, session: Thing, _asked: Thing) -> Thing:
        if session["status"] != "open":
            raise invalid("Only Checkout Sessions with a status of open can be expired.")
        session |= {"status": "expired", "url": None}
        self._tell("checkout.session.expired", session)
        return session

    def _detach(self, method: Thing, _asked: Thing) -> Thing:
        if method["customer"] is None:
            raise invalid("The payment method you provided is not attached to a customer.")
        method["customer"] = None
        self._tell("payment_method.detached", method)
        return method

    def _new_refund(self, asked: Thing) -> Thing:
        check_known(asked, {"payment_intent", "charge", "amount", "metadata", "reason"})
        intent = self.find("payment_intents", required(asked, "payment_intent"), "payment_intent")
        if intent["status"] != "succeeded":
            raise invalid("This PaymentIntent does not have a successful charge to refund.")
        charge = self.store.things[intent["latest_charge"]]
        left = charge["amount"] - charge["amount_refunded"]
        if self._is_taken(charge):
            raise invalid("The charge has been charged back.", code="charge_disputed")
        if not left:
            raise invalid("Charge has already been refunded.", code="charge_already_refunded")
        amount = whole_amount(asked) if "amount" in asked else left
        if amount > left:
            raise invalid(
                f"Refund amount (¥{amount}) is greater than unrefunded amount on charge (¥{left})",
                code="amount_too_large",
                param="amount",
            )
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
        refund = self.store.add(
            objects.refund(
                self.store.new_id("re"), amount=amount, of=charge, metadata=asked.get("metadata", {})
            )
        )
        self._tell("refund.created", refund)
        self._tell("charge.refunded", charge)
        return refund


def card_of(number: str) -> TestCard | None:
    return BY_NUMBER.get(number)


_SESSION_PARAMETERS = {
    "mode",
    "currency",
    "customer",
    "allowed_payment_method_types",
    "success_url",
    "cancel_url",
    "locale",
    "metadata",
    "setup_intent_data",
    "client_reference_id",
    "expand",
}

"""Orders by card: paid, refused, waiting for the holder, given back, taken back. The imitation of the
provider has to run, for its pages are where cards are entered."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from contextlib import suppress

from django.conf import settings

from accounts.models import Customer, Member
from billing_project.errors import Refusal
from billing_project.tenancy.context import tenant_context
from cancellations.services import cancel
from orders.models import Order
from orders.services import OrderedLine, deliver, place_order
from payments.models import Card
from payments.services.cards import finish_setup, start_setup
from payments.services.cards.sweeping import talk

CREDIT, DEBIT, DECLINED, ASKS_HOLDER = (
    "4242424242424242",
    "4000056655665556",
    "4000000000000341",
    "4000002760003184",
)


def is_there_a_provider() -> bool:
    """Whether the imitation is set up; the real one is not for inventing orders."""
    return bool(settings.DEMO and settings.CARD_GATEWAY)


def orders_by_card(customer: Customer, member: Member) -> None:
    """Call it outside of a transaction."""
    credit, debit = _enter(customer, member, CREDIT), _enter(customer, member, DEBIT)
    _deliver(_order(customer, member, credit, "DV-1Y"))
    _order(customer, member, debit, "DV-1Y")
    given_back = _deliver(_order(customer, member, credit, "OV-1Y"))
    with tenant_context(customer.tenant_id):
        cancel(order=given_back, member=member)
    _deliver(_order(customer, member, _enter(customer, member, DECLINED), "WC-1Y"))
    _deliver(_order(customer, member, _enter(customer, member, ASKS_HOLDER), "EV-1Y"))
    talk(customer.tenant_id)


def _order(customer: Customer, member: Member, card: Card, sku: str) -> Order:
    with tenant_context(customer.tenant_id):
        lines = [OrderedLine(sku, 1)]
    return place_order(customer=customer, member=member, lines=lines, payment_method="card", card=card)


def _deliver(order: Order) -> Order:
    """A refused card leaves the order open, as the customer will see it."""
    with suppress(Refusal):
        deliver(order=order)
    return order


def _enter(customer: Customer, member: Member, number: str) -> Card:
    """Gives the card in on the provider's page."""
    setup = start_setup(customer=customer, member=member, return_url="http://localhost/", cancel_url="/")
    form = urllib.parse.urlencode({"card": number}).encode()
    with suppress(urllib.error.HTTPError):
        urllib.request.build_opener(_StayHere).open(setup.url, form, timeout=10)
    return finish_setup(setup)


class _StayHere(urllib.request.HTTPRedirectHandler):
    """The page sends the browser back to a shop that is not open yet."""

    def redirect_request(self, *_args: object, **_options: object) -> None:
        return None

"""By card: what was chosen waits while the card is entered, and a refused card asks for another."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from billing_project.errors import Code
from billing_project.tenancy.context import tenant_context
from orders.models import Order, OrderState
from orders.services import deliver
from payments.gateways.playing import PlayingCard
from payments.models import CardPayment, CardSetup
from tests.acts import refused
from tests.payments.cards import provider, saved
from tests.web.test_ordering import form_of, seen_in
from tests.web.world import World


def enter_card(client: Client, world: World, **behaviour: Any) -> str:
    """The card is entered at the provider; gives the address of our return page."""
    with tenant_context(world.tenant):
        setup = CardSetup.objects.latest("pk")
    provider().enter(setup.session, PlayingCard(**behaviour))
    return f"{reverse('cards:return')}?setup={setup.public_id}"


def ordered_with(client: Client, world: World, **behaviour: Any) -> Any:
    form = form_of(world, DV_1Y=1) | {"payment_method": "card", "card": "new", "comment": "急ぎ"}
    page = client.post(reverse("orders:new"), form).content.decode()
    assert reverse("orders:enter_card") in page
    assert client.post(reverse("orders:enter_card"), form).status_code == 302
    back = client.get(enter_card(client, world, **behaviour))
    page = client.get(back["Location"]).content.decode()
    assert "急ぎ" in page
    with tenant_context(world.tenant):
        card = CardSetup.objects.latest("pk").card
    assert card is not None
    confirmed = form | {"card": str(card.public_id), "seen": seen_in(page), "contact_confirmed": "on"}
    return client.post(reverse("orders:confirm"), confirmed)


def newest(world: World) -> Order:
    with tenant_context(world.tenant):
        order: Order = Order.objects.latest("pk")
        return order


def test_a_card_is_entered_on_the_way_and_the_order_goes_on(world: World) -> None:
    client = world.client()
    done = ordered_with(client, world)
    order = newest(world)
    assert done["Location"] == reverse("orders:done", args=[order.public_id])
    assert (order.payment_method, order.comment, order.state) == ("card", "急ぎ", OrderState.OPEN)
    assert "4242" in client.get(reverse("orders:detail", args=[order.public_id])).content.decode()


def test_a_debit_card_is_charged_with_the_confirmation(world: World) -> None:
    assert ordered_with(world.client(), world, funding="debit").status_code == 302
    with tenant_context(world.tenant):
        assert CardPayment.objects.latest("pk").amount == 33_000


def test_a_refused_debit_card_is_told_and_another_can_be_taken(world: World) -> None:
    answer = ordered_with(world.client(), world, funding="debit", declined_from=1)
    assert answer.status_code == 422
    assert newest(world).state == OrderState.CANCELLED


def test_after_a_refusal_at_delivery_another_card_is_given(world: World) -> None:
    client = world.client()
    ordered_with(client, world, declined_from=1)
    order = newest(world)
    with refused(Code.CARD_DECLINED):
        deliver(order=order)
    page = client.get(reverse("orders:detail", args=[order.public_id])).content.decode()
    assert reverse("orders:card", args=[order.public_id]) in page
    with tenant_context(world.tenant):
        other = saved(world.company.customer)
    chosen = client.post(reverse("orders:card", args=[order.public_id]), {"card": str(other.public_id)})
    assert chosen.status_code == 302
    assert deliver(order=order).state == OrderState.DELIVERED


def test_a_new_card_becomes_the_orders(world: World) -> None:
    client = world.client()
    ordered_with(client, world)
    order = newest(world)
    assert client.post(reverse("orders:card_new", args=[order.public_id])).status_code == 302
    back = enter_card(client, world)
    for _ in range(2):
        assert client.get(back)["Location"] == reverse("orders:detail", args=[order.public_id])
    with tenant_context(world.tenant):
        assert Order.objects.get(pk=order.pk).card_id == CardSetup.objects.latest("pk").card_id


def test_another_customer_cannot_take_the_card_or_the_visit(world: World) -> None:
    client = world.client()
    ordered_with(client, world)
    order = newest(world)
    stranger = world.client(company=1)
    with tenant_context(world.tenant):
        setup = CardSetup.objects.latest("pk")
    assert stranger.get(reverse("orders:card", args=[order.public_id])).status_code == 404
    assert stranger.post(reverse("orders:card_new", args=[order.public_id])).status_code == 404
    assert stranger.get(f"{reverse('orders:new')}?setup={setup.public_id}").status_code == 404

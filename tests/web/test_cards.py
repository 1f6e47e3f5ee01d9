"""The customer's cards: the list, the provider's page and back, removing, confirming a payment."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from accounts.models import Role
from billing_project.tenancy.context import tenant_context
from payments.models import Card, CardPayment, CardSetup
from payments.services.cards import saving
from tests.payments.cards import PlayingCard, provider
from tests.web.world import World


def entered(world: World, **card: str) -> str:
    """A card is entered on the provider's page; the address at which the browser comes back."""
    answer = world.client().post("/cards/add/")
    assert answer.status_code == 302
    with tenant_context(world.tenant):
        setup = CardSetup.objects.latest("pk")
    provider().enter(setup.session, PlayingCard(**card))  # type: ignore[arg-type]
    back = urlsplit(answer["Location"])
    assert back.netloc == f"{world.tenant.slug}.localhost"
    return f"{back.path}?{back.query}"


@pytest.fixture
def going_on() -> Iterator[list[str]]:
    """What waits for a card of the purpose `test`."""
    seen: list[str] = []

    def go_on(setup: CardSetup, card: Card) -> str:
        seen.append(f"{setup.reference} {setup.draft['note']} {card.brand}")
        return "/orders/"

    saving.register_continuation("test", go_on)
    yield seen
    del saving._continuations["test"]


def test_a_card_is_entered_and_listed(world: World) -> None:
    client = world.client()
    answer = client.get(entered(world, brand="jcb"), follow=True)
    page = answer.content.decode()
    assert "カードを登録しました" in page
    assert "JCB •••• 4242" in page
    assert "クレジットカード" in page
    assert "12/2040" in page


def test_coming_back_twice_saves_one_card(world: World) -> None:
    back = entered(world)
    with tenant_context(world.tenant):
        before = Card.objects.count()
    for _again in range(2):
        assert world.client().get(back).status_code == 302
    with tenant_context(world.tenant):
        assert Card.objects.count() == before + 1


def test_a_prepaid_card_is_refused_and_another_can_be_entered(world: World) -> None:
    answer = world.client().get(entered(world, funding="prepaid"))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "プリペイドカード" in page
    assert "別のカードを入力" in page


def test_what_waited_for_the_card_goes_on(world: World, going_on: list[str]) -> None:
    with tenant_context(world.tenant):
        customer = world.company.customer
    setup = saving.start_setup(
        customer=customer,
        member=None,
        return_url=f"http://{world.tenant.slug}.localhost/cards/return/",
        cancel_url="/",
        purpose="test",
        reference=7,
        draft={"note": "急ぎ"},
    )
    again = world.client().post("/cards/add/", {"again": str(setup.public_id)})
    with tenant_context(world.tenant):
        latest = CardSetup.objects.latest("pk")
    assert latest.pk != setup.pk
    provider().enter(latest.session, PlayingCard())
    answer = world.client().get(again["Location"].partition("localhost")[2])
    assert (answer.status_code, answer["Location"]) == (302, "/orders/")
    assert going_on == ["7 急ぎ visa"]


def test_a_page_left_without_a_card(world: World) -> None:
    answer = world.client().post("/cards/add/")
    back = world.client().get(answer["Location"].partition("localhost")[2])
    assert back.status_code == 409
    assert "カードが入力されませんでした" in back.content.decode()


@pytest.mark.parametrize("setup", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_coming_back_from_nowhere(seen: World, setup: str) -> None:
    assert seen.client().get(f"/cards/return/?setup={setup}").status_code == 404


def test_another_companys_visit_is_not_found(world: World) -> None:
    back = entered(world)
    assert world.client(company=1).get(back).status_code == 404


def test_a_provider_that_is_away_is_said_so(world: World) -> None:
    provider().away = True
    try:
        answer = world.client().post("/cards/add/")
    finally:
        provider().away = False
    assert answer.status_code == 409
    assert "応答がありません" in answer.content.decode()


def test_a_card_is_removed_after_a_question(world: World) -> None:
    client = world.client()
    address = f"/cards/{world.company.card.public_id}/remove/"
    assert "削除しますか" in client.get(address).content.decode()
    assert client.post(address, follow=True).status_code == 200
    assert client.get(address).status_code == 404
    with tenant_context(world.tenant):
        assert Card.objects.get(pk=world.company.card.pk).removed_at is not None


@pytest.mark.parametrize(("agrees", "said"), [(True, "お支払いが確認できました"), (False, "拒否しました")])
def test_a_payment_is_confirmed_or_not(world: World, agrees: bool, said: str) -> None:
    client, payment = world.client(), world.company.card_payment
    address = f"/cards/payments/{payment.public_id}/"
    assert "本人認証に進む" in client.get(address).content.decode()
    answer = client.post(f"{address}confirm/")
    assert answer["Location"] == f"http://{world.tenant.slug}.localhost{address}?returned=1"
    provider().answer_holder(payment.gateway_id, agrees=agrees)
    assert said in client.get(f"{address}?returned=1").content.decode()
    assert client.post(f"{address}confirm/")["Location"] == address
    with tenant_context(world.tenant):
        assert CardPayment.objects.get(pk=payment.pk).state == ("succeeded" if agrees else "failed")


def test_who_may_not_order_has_no_cards(seen: World) -> None:
    client = seen.client(Role.ACCOUNTING)
    assert client.get("/cards/").status_code == 403
    assert 'href="/cards/"' not in client.get("/").content.decode()


def test_forms_may_lead_to_the_providers_pages(seen: World) -> None:
    policy = seen.client().get("/cards/")["Content-Security-Policy"]
    assert "form-action 'self' https://*.stripe.com" in policy

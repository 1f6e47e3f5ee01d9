"""The cancel button is there while the window is open, and afterwards neither button nor act (A13)."""

from __future__ import annotations

from django.urls import reverse

from accounts.models import Role
from billing_project import clock
from billing_project.tenancy.context import tenant_context
from orders.models import LineState, OrderLine
from tests.acts import at
from tests.web.world import World


def cancel_url(world: World, position: int = 1) -> str:
    return reverse("cancellations:cancel_line", args=[world.company.open.public_id, position])


def detail(world: World, who: str = Role.REQUESTER) -> str:
    path = reverse("orders:detail", args=[world.company.open.public_id])
    return world.client(who).get(path).content.decode()


def state_of(world: World, position: int = 1) -> str:
    with tenant_context(world.tenant):
        return OrderLine.objects.get(order=world.company.open, position=position).state


def test_a_line_is_cancelled_after_saying_what_happens(world: World) -> None:
    """Line 1 was delivered on 11-02: open through 11-08."""
    assert cancel_url(world) in detail(world)
    page = world.client(Role.REQUESTER).get(cancel_url(world)).content.decode()
    assert "2026-11-08" in page
    assert "33,000" in page
    refused = world.client(Role.REQUESTER).post(cancel_url(world), {})
    assert refused.status_code == 422
    assert state_of(world) == LineState.DELIVERED
    done = world.client(Role.REQUESTER).post(cancel_url(world), {"confirmed": "on", "reason": "誤発注"})
    assert done.status_code == 302
    assert state_of(world) == LineState.CANCELLED
    page = detail(world)
    assert cancel_url(world) not in page
    assert cancel_url(world, 2) in page
    assert "誤発注" in page


def test_the_timeline_names_who_cancelled_and_no_address(world: World) -> None:
    world.client(Role.REQUESTER).post(cancel_url(world), {"confirmed": "on"})
    member = world.company.members[Role.REQUESTER]
    home = world.client(Role.AUTHORITY).get("/").content.decode()
    assert member.name in home
    assert member.user.email not in home


def test_a_second_cancel_is_refused(world: World) -> None:
    client = world.client(Role.REQUESTER)
    answers = [client.post(cancel_url(world), {"confirmed": "on"}).status_code for _ in range(2)]
    assert answers == [302, 409]


def test_after_the_window_there_is_no_button_and_no_way(world: World) -> None:
    with clock.frozen(at("2026-11-08 23:59")):
        assert cancel_url(world) in detail(world)
    with clock.frozen(at("2026-11-09 00:00")):
        assert cancel_url(world) not in detail(world)
        answer = world.client(Role.REQUESTER).post(cancel_url(world), {"confirmed": "on"})
    assert answer.status_code == 409
    assert "cancel_window_closed" in answer.content.decode()
    assert state_of(world) == LineState.DELIVERED


def test_accounting_sees_the_order_without_a_button(seen: World) -> None:
    assert cancel_url(seen) not in detail(seen, Role.ACCOUNTING)
    answer = seen.client(Role.ACCOUNTING).post(cancel_url(seen), {"confirmed": "on"})
    assert answer.status_code == 403

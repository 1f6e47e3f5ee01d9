"""From the catalogue to the order: the contact is shown and confirmed, and sending twice is one order."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import Role
from accounts.services import (
    NewContact,
    allow_later_payment,
    change_contact,
    change_credit_limit,
    set_policy,
)
from billing_project.tenancy.context import tenant_context
from orders.models import Order, Product
from tests.web.world import NOW, World


def form_of(world: World, **quantities: int) -> dict[str, Any]:
    """What the catalogue page sends; quantities by SKU with _ for -."""
    with tenant_context(world.tenant):
        fields = {product.sku: f"quantity_{product.public_id.hex}" for product in Product.objects.all()}
    wanted = {fields[sku.replace("_", "-")]: str(quantity) for sku, quantity in quantities.items()}
    return {"submission": str(uuid4()), "payment_method": "later_transfer", **wanted}


def seen_in(html: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', html)
    assert found
    return found[1]


def orders_of(world: World) -> int:
    with tenant_context(world.tenant):
        return Order.objects.filter(customer=world.company.customer).count()


def test_an_order_is_placed_after_its_contact_was_confirmed(world: World) -> None:
    """2 × 30,000 and 98,765: net 158,765, tax 15,876, total 174,641."""
    client, before = world.client(Role.REQUESTER), orders_of(world)
    form = form_of(world, DV_1Y=2, WC_1Y=1) | {"purchase_order_number": "PO-77", "comment": "急ぎ"}
    page = client.post(reverse("orders:new"), form).content.decode()
    assert "経理 太郎" in page
    assert "174,641" in page
    assert "15,876" in page
    assert orders_of(world) == before

    confirmed = form | {"seen": seen_in(page), "contact_confirmed": "on"}
    answers = [client.post(reverse("orders:confirm"), confirmed) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {302}
    assert answers[0]["Location"] == answers[1]["Location"]
    assert orders_of(world) == before + 1
    done = client.get(answers[0]["Location"]).content.decode()
    assert "174,641" in done
    with tenant_context(world.tenant):
        order = Order.objects.latest("pk")
        assert order.member_id == world.company.members[Role.REQUESTER].pk
        assert (order.purchase_order_number, order.comment) == ("PO-77", "急ぎ")
        assert order.lines.count() == 3


def test_without_the_tick_nothing_is_ordered(world: World) -> None:
    client, before, form = world.client(), orders_of(world), form_of(world, DV_1Y=1)
    page = client.post(reverse("orders:new"), form).content.decode()
    answer = client.post(reverse("orders:confirm"), form | {"seen": seen_in(page)})
    assert answer.status_code == 422
    assert "経理担当者をご確認" in answer.content.decode()
    assert orders_of(world) == before


def test_a_contact_that_changed_meanwhile_is_shown_again(world: World) -> None:
    client, before, form = world.client(), orders_of(world), form_of(world, DV_1Y=1)
    page = client.post(reverse("orders:new"), form).content.decode()
    with tenant_context(world.tenant):
        change_contact(customer=world.company.customer, contact=NewContact("新しい 担当", "new@example.com"))
    answer = client.post(reverse("orders:confirm"), form | {"seen": seen_in(page), "contact_confirmed": "on"})
    assert answer.status_code == 409
    assert "新しい 担当" in answer.content.decode()
    assert orders_of(world) == before
    again = form | {"seen": seen_in(answer.content.decode()), "contact_confirmed": "on"}
    assert client.post(reverse("orders:confirm"), again).status_code == 302


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"DV": "-1"},
        {"DV": "1.5"},
        {"DV": "999999999999999999999"},
        {"DV": "501"},
        {"DV": "１個"},
        {"DV": "1", "submission": "no-uuid"},
        {"DV": "1", "payment_method": "card"},
        {"DV": "1", "purchase_order_number": "x" * 61},
        {"DV": "1", "comment": "x\0y"},
    ],
)
def test_bad_input_is_refused_in_place(change: dict[str, str], seen: World) -> None:
    client, before, form = seen.client(), orders_of(seen), form_of(seen, DV_1Y=0)
    quantity = next(name for name in form if name.startswith("quantity"))
    form |= {name: value for name, value in change.items() if name != "DV"}
    form[quantity] = change.get("DV", "0")
    for page in ("orders:new", "orders:confirm"):
        answer = client.post(reverse(page), form | {"contact_confirmed": "on"})
        assert answer.status_code == 422
    assert orders_of(seen) == before


def test_going_back_keeps_what_was_entered(seen: World) -> None:
    form = form_of(seen, DV_1Y=7) | {"comment": "メモ", "change": "1"}
    page = seen.client().post(reverse("orders:new"), form)
    assert page.status_code == 200
    assert 'value="7"' in page.content.decode()
    assert "メモ" in page.content.decode()


def test_who_may_not_pay_later_is_told_before_choosing(world: World) -> None:
    with tenant_context(world.tenant):
        allow_later_payment(customer=world.company.customer, allowed=False)
    page = world.client().get(reverse("orders:new")).content.decode()
    assert 'value="later_transfer"' not in page
    assert "後払い" in page
    assert 'value="advance_transfer"' in page
    with tenant_context(world.tenant):
        only = {"payment_methods": ["later_transfer"], "first_method": "later_transfer"}
        set_policy(changes=only, valid_from=NOW.date())
    page = world.client().get(reverse("orders:new")).content.decode()
    assert "quantity_" not in page
    assert 'role="alert"' in page


def test_over_the_credit_limit_nothing_is_ordered(world: World) -> None:
    with tenant_context(world.tenant):
        change_credit_limit(customer=world.company.customer, credit_limit=1)
    client, before, form = world.client(), orders_of(world), form_of(world, DV_1Y=1)
    page = client.post(reverse("orders:new"), form).content.decode()
    answer = client.post(reverse("orders:confirm"), form | {"seen": seen_in(page), "contact_confirmed": "on"})
    assert answer.status_code == 422
    assert "与信限度額" in answer.content.decode()
    assert orders_of(world) == before

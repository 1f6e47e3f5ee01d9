"""The company's own pages: accounting contact and members."""

from __future__ import annotations

from django.urls import reverse

from accounts.models import Addressee, Member, Role
from accounts.selectors import contact_of
from billing_project import clock
from billing_project.tenancy.context import tenant_context
from tests.acts import at, letters
from tests.web.test_walls_of_urls import address
from tests.web.world import World


def test_the_contact_is_changed_for_new_orders_only(world: World) -> None:
    client, path = world.client(Role.ACCOUNTING), reverse("accounts:contact")
    assert "これから" in client.get(path).content.decode()
    fields = {"name": "経理 次郎", "department": "財務部", "email": "jiro@example.com"}
    assert client.post(path, fields).status_code == 302
    with tenant_context(world.tenant):
        assert contact_of(world.company.customer).email == "jiro@example.com"
        addressee = Addressee.objects.get(pk=world.company.open.addressee_id)
        assert addressee.contact_name == "経理 太郎"


def test_bad_contacts_are_refused_in_place(seen: World) -> None:
    client, path = seen.client(), reverse("accounts:contact")
    for fields in ({}, {"name": "", "email": "a@b.jp"}, {"name": "x", "email": "no"}, {"name": "x" * 101}):
        assert client.post(path, fields).status_code == 422
    with tenant_context(seen.tenant):
        assert contact_of(seen.company.customer).name == "経理 太郎"


def test_a_member_is_invited_by_mail(world: World) -> None:
    client, path = world.client(), reverse("accounts:invite")
    fields = {"name": "営業 一郎", "email": "Ichiro@Example.com", "roles": ["requester", "accounting"]}
    assert client.post(path, fields).status_code == 302
    with tenant_context(world.tenant):
        member = Member.objects.get(name="営業 一郎")
        assert member.roles == ["requester", "accounting"]
        assert [letter.recipient for letter in letters("member_invited")] == ["ichiro@example.com"]
    twice = client.post(path, fields)
    assert twice.status_code == 422
    assert client.post(path, {"name": "x", "email": "y@example.com"}).status_code == 422
    assert client.post(path, {**fields, "email": "z@example.com", "roles": ["operator"]}).status_code == 422


def test_an_invitation_is_mailed_again(world: World, now: clock.FrozenClock) -> None:
    client = world.client()
    fields = {"name": "営業 一郎", "email": "again@example.com", "roles": ["requester"]}
    client.post(reverse("accounts:invite"), fields)
    with tenant_context(world.tenant):
        member = Member.objects.get(name="営業 一郎")
    path = reverse("accounts:member_invite_again", args=[member.public_id])
    assert client.get(path).status_code == 302
    now.move_to(at("2026-11-03 09:05"))
    assert client.post(path).status_code == 302
    with tenant_context(world.tenant):
        assert len(letters("member_invited")) == 2


def test_roles_are_changed_but_an_administrator_stays(world: World) -> None:
    client = world.client()
    path = address("accounts:member_roles", world)
    assert client.post(path, {"roles": ["accounting"]}).status_code == 302
    with tenant_context(world.tenant):
        assert Member.objects.get(pk=world.company.members[Role.REQUESTER].pk).roles == ["accounting"]
    mine = reverse("accounts:member_roles", args=[world.company.members[Role.AUTHORITY].public_id])
    answer = client.post(mine, {"roles": ["requester"]})
    assert answer.status_code == 422
    assert "最後" in answer.content.decode()


def test_a_member_is_removed_but_the_last_administrator_stays(world: World) -> None:
    client, path = world.client(), address("accounts:member_remove", world)
    assert client.get(path).status_code == 200
    assert client.post(path).status_code == 302
    assert client.post(path).status_code == 404
    mine = reverse("accounts:member_remove", args=[world.company.members[Role.AUTHORITY].public_id])
    answer = client.post(mine)
    assert answer.status_code == 403
    assert "最後" in answer.content.decode()

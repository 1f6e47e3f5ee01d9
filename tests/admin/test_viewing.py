"""An operator looks at the panel as a member: only looking, for half an hour, in the audit log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Member, OperatorRole, Role
from accounts.services import add_member, add_operator, remove_member
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.tenancy.context import tenant_context
from invoices.models import DocumentAccess
from orders.models import Order
from tests.admin.world import Office
from tests.web.world import sign_in

END = "/viewing/end/"


def member_of(office: Office, role: str = Role.AUTHORITY) -> Member:
    return office.world.company.members[role]


def begin(client: Client, member: Member, **data: Any) -> Any:
    address = reverse("admin:accounts_member_view-as", args=[member.pk])
    return client.post(address, data or {"reason": "問い合わせ 123"})


def viewing(office: Office, role: str = Role.AUTHORITY) -> Client:
    client = office.client()
    assert begin(client, member_of(office, role))["Location"] == "/"
    return client


def audit(office: Office, *actions: str) -> list[AuditEntry]:
    with tenant_context(office.tenant):
        return list(AuditEntry.objects.filter(action__in=actions).order_by("pk"))


def test_the_panel_is_the_members_with_a_banner_on_every_page(seen: Office) -> None:
    client = viewing(seen)
    other = seen.world.companies[1].billed
    own = seen.world.company.billed
    for path in ("/", "/orders/", f"/orders/{own.public_id}/", "/members/", "/documents/"):
        answer = client.get(path, follow=True)
        assert answer.status_code == 200, path
        assert f'action="{END}"' in answer.content.decode(), path
    assert client.get(f"/orders/{other.public_id}/").status_code == 404


def test_rights_are_the_members_not_the_operators(seen: Office) -> None:
    with_all, with_few = viewing(seen), viewing(seen, Role.REQUESTER)
    assert with_all.get("/members/invite/").status_code == 200
    assert with_few.get("/members/invite/").status_code == 403


def test_nothing_can_be_sent(seen: Office) -> None:
    client = viewing(seen)
    with tenant_context(seen.tenant):
        before = Order.objects.count(), Member.objects.count()
    for path in ("/orders/new/", "/members/invite/", "/company/contact/", "/company/api-keys/", "/"):
        answer = client.post(path, {"name": "x", "email": "x@example.com"})
        assert answer.status_code == 403, path
        assert "閲覧" in answer.content.decode()
    with tenant_context(seen.tenant):
        assert (Order.objects.count(), Member.objects.count()) == before


@pytest.mark.parametrize(
    "path",
    ["/accounts/password/change/", "/accounts/email/", "/accounts/2fa/", "/accounts/2fa/totp/activate/"],
)
def test_pages_about_signing_in_are_closed(path: str, seen: Office) -> None:
    client = viewing(seen)
    assert client.get(f"/accounts/{path}").status_code == 403
    assert client.post(f"/accounts/{path}", {}).status_code == 403


def test_begin_and_end_are_in_the_audit_log(office: Office) -> None:
    client, member = viewing(office), member_of(office)
    answer = client.post(END)
    assert answer["Location"] == reverse("admin:accounts_member_change", args=[member.pk])
    begun, ended = audit(office, "viewing_begun", "viewing_ended")
    assert (begun.object_id, begun.data["reason"]) == (member.pk, "問い合わせ 123")
    assert begun.actor_label == office.operators[OperatorRole.ADMIN].email
    assert begun.data["until"].startswith("2026-11-03T00:30")
    assert ended.data == {"over": "ended"}
    assert client.get("/orders/").status_code == 403


def test_what_is_opened_meanwhile_names_the_operator(seen: Office) -> None:
    client = viewing(seen)
    client.get(f"/documents/{seen.world.company.document.public_id}/pdf/")
    with tenant_context(seen.tenant):
        labels = set(DocumentAccess.objects.values_list("actor_label", flat=True))
    assert member_of(seen).user.email not in labels


def test_after_half_an_hour_it_is_over(office: Office, now: clock.FrozenClock) -> None:
    client = viewing(office)
    now.move_to(now.moment + timedelta(minutes=29))
    assert client.get("/orders/").status_code == 200
    now.move_to(now.moment + timedelta(minutes=1))
    assert client.get("/orders/").status_code == 302
    [ended] = audit(office, "viewing_ended")
    assert ended.data == {"over": "expired"}
    assert client.get("/orders/").status_code == 403


def test_a_member_who_was_removed_is_not_looked_at_any_more(office: Office) -> None:
    client = viewing(office, Role.REQUESTER)
    with tenant_context(office.tenant):
        remove_member(member=member_of(office, Role.REQUESTER))
    assert client.get("/orders/").status_code == 302
    assert client.get("/orders/").status_code == 403


def test_an_operator_is_never_looked_at(office: Office) -> None:
    with tenant_context(office.tenant):
        user = office.operators[OperatorRole.ACCOUNTING]
        member = add_member(
            customer=office.world.company.customer, user=user, name="兼任", roles=[Role.REQUESTER]
        )
    client = office.client()
    assert begin(client, member).status_code == 422
    assert client.get("/orders/").status_code == 403
    assert audit(office, "viewing_begun") == []


def test_who_only_reads_may_not(seen: Office) -> None:
    client = seen.client(OperatorRole.SUPPORT)
    assert begin(client, member_of(seen)).status_code == 403


def test_a_member_of_another_tenant_is_not_there(seen: Office, elsewhere: Office) -> None:
    assert begin(elsewhere.client(), member_of(seen)).status_code == 404


def test_it_holds_at_its_own_tenant_alone(seen: Office, elsewhere: Office) -> None:
    """One user is operator of both; the session that looks here is nobody's there."""
    user = seen.operators[OperatorRole.ADMIN]
    with tenant_context(elsewhere.tenant):
        add_operator(user=user)
    client = sign_in(user, seen.tenant)
    begin(client, member_of(seen))
    there = client.get("/orders/", HTTP_HOST=f"{elsewhere.tenant.slug}.localhost")
    assert there.status_code in (302, 403)
    assert "viewing" not in there.content.decode()


def test_the_admin_stays_the_operators_own(seen: Office) -> None:
    client = viewing(seen)
    assert client.get(reverse("admin:index")).status_code == 200
    assert client.post(END).status_code == 302

"""Signing in: a session is of one tenant, ends when idle, and everything is in the audit log."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Member, Role, Tenant, User
from accounts.services import add_member, invite_member
from accounts.services.invitations import token_for
from accounts.sessions import live_sessions
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.tenancy.context import tenant_context
from tests.acts import at, letters
from tests.factories import make_customer, make_tenant, make_user
from tests.web.world import NOW, PASSWORD, World, visitor

LOGIN = "/accounts/login/"
SESSIONS = "/accounts/sessions/"


@pytest.fixture(autouse=True)
def no_attempts() -> None:
    cache.clear()


@pytest.fixture
def user(tenant: Tenant) -> User:
    with tenant_context(tenant):
        user = make_user(password=PASSWORD)
        add_member(customer=make_customer(), user=user, name="発注 太郎")
    return user


def sign_in_by_form(client: Client, user: User, password: str = PASSWORD, **fields: Any) -> Any:
    return client.post(LOGIN, {"login": user.email, "password": password, **fields})


def log(tenant: Tenant) -> list[tuple[str, str]]:
    with tenant_context(tenant):
        rows = AuditEntry.objects.filter(action__contains="sign").order_by("pk")
        return [(row.action, row.actor_label) for row in rows]


def errors_in(html: str) -> list[str]:
    return re.findall(r'class="errorlist.*?</ul>', html, re.DOTALL)


def test_sign_in_and_out_are_in_the_log(tenant: Tenant, user: User) -> None:
    client = visitor(tenant)
    answer = sign_in_by_form(client, user, next="/orders/")
    assert answer["Location"] == "/orders/"
    assert client.get("/orders/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/orders/").status_code == 302
    assert log(tenant) == [("signed_in", user.email), ("signed_out", user.email)]


def test_a_wrong_password_is_in_the_log_and_says_little(tenant: Tenant, user: User) -> None:
    wrong = sign_in_by_form(visitor(tenant), user, "wrong-password").content.decode()
    nobody = visitor(tenant).post(LOGIN, {"login": "nobody@example.com", "password": "wrong-password"})
    assert log(tenant) == [("sign_in_failed", user.email), ("sign_in_failed", "nobody@example.com")]
    assert errors_in(wrong) == errors_in(nobody.content.decode())


def test_guessing_passwords_is_braked(tenant: Tenant, user: User) -> None:
    for _ in range(5):
        sign_in_by_form(visitor(tenant), user, "wrong-password")
    client = visitor(tenant)
    sign_in_by_form(client, user)
    assert client.get("/").status_code == 302


def test_there_is_no_public_sign_up(tenant: Tenant) -> None:
    answer = visitor(tenant).post(
        "/accounts/signup/", {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert not User.objects.filter(email="new@example.com").exists()
    assert answer.status_code == 200


def test_a_session_holds_at_its_tenant_only(tenant: Tenant, user: User) -> None:
    """Even for one who is a member of both: the cookie of one is worth nothing at the other."""
    other = make_tenant()
    with tenant_context(other):
        add_member(customer=make_customer(), user=user, name="発注 太郎")
    client = visitor(tenant)
    sign_in_by_form(client, user)
    cookie = client.cookies["sessionid"].value
    there = visitor(other)
    there.cookies["sessionid"] = cookie
    assert there.get("/").status_code == 302
    assert client.get("/").status_code == 200


def test_the_list_of_sessions_asks_as_little_for_many_as_for_one(tenant: Tenant, user: User) -> None:
    """It shows where the user is still signed in, and forgets the sessions that have ended."""
    clients = [visitor(tenant, HTTP_USER_AGENT=f"browser {place:02}") for place in range(12)]
    for client in clients:
        sign_in_by_form(client, user)
    clients[3].post("/accounts/logout/")
    Session.objects.get(session_key=clients[4].cookies["sessionid"].value).delete()
    clients[0].get(SESSIONS)
    with CaptureQueriesContext(connection) as asked:
        page = clients[0].get(SESSIONS).content.decode()
    assert re.findall(r"browser \d\d", page) == [
        f"browser {place:02}" for place in range(12) if place not in (3, 4)
    ]
    assert len(asked) <= 15
    assert UserSession.objects.filter(user=user).count() == 10


def test_sessions_of_the_old_password_are_not_shown(tenant: Tenant, user: User) -> None:
    sign_in_by_form(visitor(tenant), user)
    assert len(live_sessions(user)) == 1
    user.set_password("another-password-2026")
    user.save()
    assert live_sessions(user) == []


def test_idle_sessions_end_and_say_why(tenant: Tenant, user: User, now: clock.FrozenClock) -> None:
    """30 minutes in this preset; each visit begins them anew."""
    client = visitor(tenant)
    sign_in_by_form(client, user)
    for moment in ("2026-11-03 09:29", "2026-11-03 09:58"):
        now.move_to(at(moment))
        assert client.get("/orders/").status_code == 200
    now.move_to(at("2026-11-03 10:28"))
    answer = client.get("/orders/?q=1")
    assert answer["Location"] == f"{LOGIN}?next=/orders/%3Fq%3D1"
    page = client.get(answer["Location"]).content.decode()
    assert "30分" in page
    assert sign_in_by_form(client, user, next="/orders/?q=1")["Location"] == "/orders/?q=1"
    assert [action for action, _who in log(tenant)] == ["signed_in", "signed_out", "signed_in"]


def test_an_idle_session_posts_nothing(world: World, now: clock.FrozenClock) -> None:
    client = world.client()
    now.move_to(at("2026-11-03 12:00"))
    answer = client.post(reverse("accounts:contact"), {"name": "x", "email": "x@example.com"})
    assert answer.status_code == 302
    assert answer["Location"].startswith(LOGIN)


def test_parts_of_a_page_send_the_whole_page_to_sign_in(tenant: Tenant) -> None:
    url = f"http://{tenant.slug}.localhost/orders/?page=2"
    answer = visitor(tenant).get("/orders/?page=3", headers={"HX-Request": "true", "HX-Current-URL": url})
    assert answer["HX-Redirect"] == f"{LOGIN}?next=/orders/%3Fpage%3D2"


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_a_forgotten_password_is_set_anew_by_mail(tenant: Tenant, user: User) -> None:
    client = visitor(tenant)
    mail.outbox = []
    client.post("/accounts/password/reset/", {"email": user.email})
    [letter] = mail.outbox
    found = re.search(r"http://[^/]+(/accounts/password/reset/key/\S+)", str(letter.body))
    assert found
    assert tenant.slug in found[0]
    page = client.get(found[1], follow=True)
    new = "a-quite-different-one-7"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert sign_in_by_form(visitor(tenant), user, new).status_code == 302
    assert ("signed_in", user.email) in log(tenant)


def test_a_second_factor_is_asked_for(tenant: Tenant, user: User) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import (
        TOTP,
        format_hotp_value,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(user, secret)
    assert Authenticator.objects.filter(user=user).exists()
    client = visitor(tenant)
    answer = sign_in_by_form(client, user)
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/orders/").status_code == 302
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(secret, counter))
    assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    assert client.get("/orders/").status_code == 200
    with tenant_context(tenant):
        assert AuditEntry.objects.filter(action="second_factor_failed").count() == 1
        methods = AuditEntry.objects.get(action="signed_in").data["methods"]
    assert methods == ["password", "mfa"]


class TestInvitation:
    def invite(self, tenant: Tenant) -> Member:
        with tenant_context(tenant):
            customer = make_customer()
            add_member(customer=customer, user=make_user(), name="代表")
            email = f"{make_user().email}.new"
            return invite_member(customer=customer, email=email, name="新人", roles=[Role.REQUESTER])

    def test_the_mailed_link_sets_the_password_once(self, tenant: Tenant) -> None:
        member = self.invite(tenant)
        with tenant_context(tenant):
            [letter] = letters("member_invited")
        assert letter.recipient == member.user.email
        found = re.search(r"http://[^/]+(/invitation/\S+/)", letter.text)
        assert found
        assert found[0] in letter.html
        client, fields = visitor(tenant), {"new_password1": PASSWORD, "new_password2": PASSWORD}
        assert member.user.email in client.get(found[1]).content.decode()
        weak = client.post(found[1], {"new_password1": "12345", "new_password2": "12345"})
        assert weak.status_code == 422
        assert client.post(found[1], fields)["Location"] == LOGIN
        assert client.post(found[1], fields).status_code == 410
        assert sign_in_by_form(client, member.user)["Location"] == "/"
        assert client.get("/").status_code == 200

    def test_it_ends_after_72_hours(self, tenant: Tenant, now: clock.FrozenClock) -> None:
        member = self.invite(tenant)
        with tenant_context(tenant):
            token = token_for(member)
        now.move_to(at("2026-11-06 08:59"))
        assert visitor(tenant).get(f"/invitation/{token}/").status_code == 200
        now.move_to(at("2026-11-06 09:00"))
        assert visitor(tenant).get(f"/invitation/{token}/").status_code == 410
        assert visitor(tenant).get("/invitation/nonsense/").status_code == 404

    def test_who_has_a_password_already_is_sent_to_sign_in(self, tenant: Tenant, user: User) -> None:
        other = make_tenant()
        with tenant_context(other):
            customer = make_customer()
            invite_member(customer=customer, email=user.email, name="兼務", roles=[Role.AUTHORITY])
            [letter] = letters("member_invited")
        assert "/invitation/" not in letter.text
        assert other.slug in letter.text


def test_frozen_now_is_the_worlds(now: clock.FrozenClock) -> None:
    assert clock.now() == NOW

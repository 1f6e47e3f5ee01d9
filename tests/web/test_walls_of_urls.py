"""Every address with an argument: what belongs to others is not found, and asking for it changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Branding, Member, Role
from accounts.services.branding import change_branding
from billing_project.audit.models import AuditEntry
from billing_project.tenancy.context import tenant_context
from invoices.models import DocumentAccess
from orders.models import OrderLine
from tests.web.world import World, visitor

NOT_OURS = ("account_", "mfa_", "usersessions_", "admin:", "api:")
OPEN_TO_ALL = {
    "favicon",
    "set_language",
    "styleguide",
    "stripe_webhook",
    "quotes:request",
    "quotes:request_sent",
    "accounts:viewing_end",
}
SAYS_THE_SAME = {"invoices:link_new"}
"""What answers everybody alike, so that it tells nothing."""


def names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[tuple[str, set[str]]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from names(pattern.url_patterns, inner)
        elif pattern.name:
            yield f"{space}{pattern.name}", set(pattern.pattern.converters)


OURS = {
    name: arguments
    for name, arguments in names(get_resolver("billing_project.urls").url_patterns)
    if not name.startswith(NOT_OURS)
}
WITH_ARGUMENTS = sorted(name for name, arguments in OURS.items() if arguments)
WITHOUT_ARGUMENTS = sorted(set(OURS) - set(WITH_ARGUMENTS) - OPEN_TO_ALL)
TICKED = {"confirmed": "on", "roles": "authority"}


def address(name: str, world: World, company: int = 0) -> str:
    """The address of that page about something of this company."""
    theirs = world.companies[company]
    room = name.split(":")[0]
    public_id = {
        "calendar_feed": None,
        "orders": theirs.open.public_id,
        "cancellations": theirs.open.public_id,
        "invoices": theirs.document.public_id,
        "accounts": theirs.members[Role.REQUESTER].public_id,
        "cards": theirs.card_payment.public_id,
        "quotes": theirs.quote.public_id,
        "payments": theirs.payout.public_id,
    }[room]
    if name == "cards:remove":
        public_id = theirs.card.public_id
    if name.startswith("accounts:api_key"):
        public_id = theirs.api_key.public_id
    token = {"accounts": world.invitation, "quotes": world.quote_link}.get(room, world.link)
    if name == "calendar_feed":
        token = world.calendar
    values = {"public_id": public_id, "token": token, "position": 1, "number": 1}
    if "version" in OURS[name]:
        values["version"] = look_of(world)
    return reverse(name, kwargs={argument: values[argument] for argument in OURS[name]})


def look_of(world: World) -> int:
    with tenant_context(world.tenant):
        version: int = Branding.objects.earliest("pk").pk
    return version


@pytest.fixture(scope="module", autouse=True)
def look(seen: World) -> None:
    """The tenant's pages have a colour."""
    with tenant_context(seen.tenant):
        change_branding(colour="#2a4b8d")


def rows(world: World) -> list[int]:
    models: list[type[Model]] = [AuditEntry, DocumentAccess, OrderLine, Member]
    with tenant_context(world.tenant):
        counts = [model._default_manager.count() for model in models]
        states = sorted(OrderLine.objects.values_list("pk", "state"))
        roles = sorted(Member.objects.values_list("pk", "roles", "is_active"))
    return [*counts, hash(str(states)), hash(str(roles))]


def test_the_sweep_knows_the_pages() -> None:
    assert len(WITH_ARGUMENTS) >= 11
    assert {"orders:detail", "invoices:pdf", "cancellations:cancel_line"} <= set(WITH_ARGUMENTS)


def _without_its_number(answer: Any) -> bytes:
    """The page without the number of the request."""
    return re.sub(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", b"", answer.content)


@pytest.mark.parametrize("name", WITH_ARGUMENTS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_tenants_things_are_not_found(name: str, method: str, seen: World, elsewhere: World) -> None:
    before = rows(seen), rows(elsewhere)
    answer = getattr(elsewhere.client(), method)(address(name, seen), TICKED)
    if name in SAYS_THE_SAME:
        unknown = getattr(elsewhere.client(), method)(reverse(name, args=["none"]))
        assert _without_its_number(answer) == _without_its_number(unknown)
    else:
        assert answer.status_code in ({404} if method == "get" else {404, 405})
    assert (rows(seen), rows(elsewhere)) == before


OF_A_COMPANY = [name for name in WITH_ARGUMENTS if not OURS[name] & {"token", "version"}]


@pytest.mark.parametrize("name", OF_A_COMPANY)
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_companys_things_are_not_found(name: str, method: str, seen: World) -> None:
    before = rows(seen)
    answer = getattr(seen.client(company=1), method)(address(name, seen), TICKED)
    assert answer.status_code in ({404} if method == "get" else {404, 405})
    assert rows(seen) == before


@pytest.mark.parametrize("name", [*WITHOUT_ARGUMENTS, *OF_A_COMPANY])
def test_strangers_are_sent_to_sign_in(name: str, seen: World) -> None:
    path = address(name, seen) if OURS[name] else reverse(name)
    answer = visitor(seen.tenant).get(path)
    assert answer.status_code == 302
    assert answer["Location"] == f"/accounts/login/?next={path}"


@pytest.mark.parametrize("name", WITHOUT_ARGUMENTS)
def test_the_base_domain_has_no_rooms(name: str) -> None:
    if name != "home":
        assert visitor().get(reverse(name)).status_code == 404

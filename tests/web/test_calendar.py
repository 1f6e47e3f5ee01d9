"""What must be done by when: on the home page, as a month, and as a calendar to subscribe to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from icalendar import Calendar

from accounts.models import Member, Role
from accounts.services import remove_member
from accounts.services.calendar_links import make_calendar_link, revoke_calendar_link
from billing_project import clock
from billing_project.calendar import Month
from billing_project.tenancy.context import tenant_context
from invoices.panel import open_items
from orders.deadlines import Deadline, DeadlineKind, deadlines
from orders.month_sheet import month_sheet
from orders.services import deliver
from tests.acts import at
from tests.web.world import World, order_of, visitor


@pytest.fixture(autouse=True)
def no_calls() -> None:
    cache.clear()


def ends(member: Member) -> list[Deadline]:
    return deadlines(member, open_items(member), date(2026, 11, 3))


def link(world: World, who: str = Role.AUTHORITY) -> str:
    with tenant_context(world.tenant):
        return make_calendar_link(member=world.company.members[who])


def events(world: World, token: str) -> dict[str, tuple[date, str, str]]:
    answer = visitor(world.tenant).get(f"/calendar/{token}.ics")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    assert "no-store" in answer["Cache-Control"]
    found = Calendar.from_ical(answer.content).walk("VEVENT")
    return {
        str(each["uid"]): (each.decoded("dtstart"), str(each["summary"]), str(each["url"])) for each in found
    }


def test_each_deadline_leads_to_its_act(seen: World) -> None:
    """What was delivered on 10-30 and on 11-02 can be cancelled for 7 days, the first included: until 11-05
    and 11-08. The invoice is due on 11-30."""
    company = seen.company
    with tenant_context(seen.tenant):
        found = ends(company.members[Role.AUTHORITY])
    assert [(each.day, each.kind, each.href) for each in found] == [
        (date(2026, 11, 5), DeadlineKind.CANCEL, f"/orders/{company.billed.public_id}/lines/1/cancel/"),
        (date(2026, 11, 8), DeadlineKind.CANCEL, f"/orders/{company.open.public_id}/lines/1/cancel/"),
        (date(2026, 11, 30), DeadlineKind.PAY, f"/documents/{company.document.public_id}/"),
    ]


def test_who_may_not_cancel_is_not_led_there(seen: World) -> None:
    with tenant_context(seen.tenant):
        found = ends(seen.company.members[Role.ACCOUNTING])
    assert len(found) == 3
    assert not any("cancel" in each.href for each in found)


def test_the_subscribed_calendar_names_the_same_things(world: World) -> None:
    token, document = link(world), world.company.document
    first = events(world, token)
    [pay] = [each for uid, each in first.items() if uid.startswith("pay-")]
    assert pay[0] == date(2026, 11, 30)
    assert document.number in pay[1]
    assert "108,641" in pay[1]
    assert pay[2].endswith(reverse("invoices:detail", args=[document.public_id]))
    with clock.frozen(at("2026-11-04 09:00")):
        later = events(world, token)
    assert first.keys() == later.keys()
    with clock.frozen(at("2027-03-01 09:00")):
        assert not any(uid.startswith("pay-") for uid in events(world, token))


def test_the_calendar_shows_what_its_member_may_see(world: World) -> None:
    with tenant_context(world.tenant):
        other = order_of(world.company, "DV-1Y", 1, Role.AUTHORITY)
        deliver(order=other)
    mine, all_of_it = events(world, link(world, Role.REQUESTER)), events(world, link(world))
    assert not any(other.number in summary for _day, summary, _url in mine.values())
    assert any(other.number in summary for _day, summary, _url in all_of_it.values())


@pytest.mark.parametrize("end", ["revoked", "replaced", "removed", "elsewhere", "unknown"])
def test_an_address_that_ended_shows_nothing(end: str, world: World, elsewhere: World) -> None:
    token, tenant = link(world), world.tenant
    member = world.company.members[Role.AUTHORITY]
    with tenant_context(world.tenant):
        if end == "revoked":
            revoke_calendar_link(member=member)
        elif end == "removed":
            member = world.company.members[Role.ACCOUNTING]
            token = make_calendar_link(member=member)
            remove_member(member=member)
        elif end == "replaced":
            make_calendar_link(member=member)
    if end == "elsewhere":
        tenant = elsewhere.tenant
    elif end == "unknown":
        token = "nonsense"
    assert visitor(tenant).get(f"/calendar/{token}.ics").status_code == 404


def test_guessing_addresses_is_braked(seen: World) -> None:
    client = visitor(seen.tenant)
    answers = [client.get(f"/calendar/guess{number}.ics").status_code for number in range(31)]
    assert answers == [404] * 30 + [429]


def test_the_address_is_shown_once(world: World) -> None:
    client = world.client()
    html = client.post(reverse("calendar")).content.decode()
    assert ".ics" in html
    assert ".ics" not in client.get(reverse("calendar")).content.decode()
    assert client.post(reverse("calendar_end")).status_code == 302


def test_a_month_is_a_sheet_of_weeks() -> None:
    """November 2026 begins on a Sunday and has the holidays of the 3rd and the 23rd."""
    end = Deadline(date(2026, 11, 30), DeadlineKind.PAY, "pay-1", "払う", "/", "払う")
    sheet = month_sheet(Month(2026, 11), [end], date(2026, 11, 3))
    days = [day for week in sheet.weeks for day in week]
    assert days[0].day == date(2026, 11, 1)
    assert [day.day.day for day in days if day.closed and day.here and day.day.weekday() < 5] == [3, 23]
    assert [day.day.day for day in days if day.today] == [3]
    assert [day.day.day for day in days if day.deadlines] == [30]
    assert (sheet.before, sheet.after) == ("2026-10", "2026-12")
    assert days[-1].day - days[0].day == timedelta(days=34)


def test_home_says_what_is_owed_what_ends_and_what_is_new(seen: World) -> None:
    html = seen.client().get("/").content.decode()
    for text in ("108,641", "2026-11-30", seen.company.document.number, 'id="d-2026-11-30"'):
        assert text in html
    assert "2026年12月" in seen.client().get("/?month=2026-12").content.decode()
    assert seen.client().get("/?month=9999-99").status_code == 200
    assert seen.client().get("/?month=2100-01").status_code == 200

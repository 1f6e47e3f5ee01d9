"""A member's own page: name, language, and reminders it does without."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Member, Role
from accounts.services.profile import change_profile
from billing_project import clock
from billing_project.errors import Code, Refusal
from billing_project.outbox.builders import build
from billing_project.outbox.models import Mail
from billing_project.tenancy.context import tenant_context
from cancellations.services import remind_of_windows
from orders.services import warn_of_expiry
from tests.acts import at
from tests.web.world import World, order_of


def requester(world: World) -> Member:
    return world.company.members[Role.REQUESTER]


def test_a_member_changes_name_language_and_reminders(world: World) -> None:
    client = world.client(Role.REQUESTER)
    sent = {"name": " 山田 花子 ", "language": "en", "reminders": ["order_expiring"]}
    answer = client.post(reverse("accounts:profile"), sent)
    assert answer.status_code == 302
    assert answer.cookies["django_language"].value == "en"
    with tenant_context(world.tenant):
        member = Member.objects.get(pk=requester(world).pk)
        assert (member.name, member.language) == ("山田 花子", "en")
        assert member.unwanted_mails == ["cancel_window_ends"]
    page = client.post(reverse("accounts:profile"), {"name": "", "language": "xx"})
    assert page.status_code == 422


def test_reminders_that_are_not_wanted_do_not_come(world: World) -> None:
    """The window of what was delivered on 10-30 ends on 11-05, that of 11-02 on 11-08. The accounting contact
    is warned of the expiry all the same: 30 days from 11-03 end with 12-02, told 7 days before 12-03."""
    with tenant_context(world.tenant):
        waiting = order_of(world.company, "DV-1Y", 1)
        change_profile(
            member=requester(world),
            name="発注",
            language="en",
            unwanted_mails=["cancel_window_ends", "order_expiring"],
        )
    mine = (world.company.open.pk, world.company.billed.pk)
    with clock.frozen(at("2026-11-26 09:00")), tenant_context(world.tenant):
        assert warn_of_expiry(date(2026, 11, 26)) == 1
        told = Mail.objects.filter(kind="order_expiring", reference=waiting.pk)
        assert [mail.data["to"] for mail in told] == ["contact"]
    with clock.frozen(at("2026-11-04 09:00")), tenant_context(world.tenant):
        remind_of_windows(date(2026, 11, 4))
        reminders = Mail.objects.filter(kind="cancel_window_ends")
        assert reminders.exists()
        assert not reminders.filter(reference__in=mine).exists()
    with tenant_context(world.tenant):
        accepted = build(Mail.objects.get(kind="order_accepted", reference=waiting.pk))
        assert waiting.number in accepted.subject
        assert "yen" in accepted.text


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"language": "xx"}, {"unwanted_mails": ["document_issued"]}]
)
def test_what_cannot_be_chosen_is_refused(wrong: dict[str, object], world: World) -> None:
    with tenant_context(world.tenant), pytest.raises(Refusal) as refused:
        fields: dict[str, object] = {"name": "発注", "language": "", "unwanted_mails": [], **wrong}
        change_profile(member=requester(world), **fields)  # type: ignore[arg-type]
    assert refused.value.code == Code.INVALID_INPUT

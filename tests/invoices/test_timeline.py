"""The operation log of a document: made, filed, mailed, opened, downloaded; by whom, and who may see it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from accounts.services import add_operator
from accounts.services.api_keys import create_api_key
from billing_project import clock
from billing_project.outbox.models import Mail, MailState
from billing_project.outbox.services import send_next
from billing_project.tenancy.context import tenant_context
from invoices.models import DocumentAccess
from invoices.services.mailing import mail_again
from invoices.timeline import Event, events_for_customer, events_of
from tests.factories import make_user
from tests.web.world import NOW, World, make_world, sign_in, visitor


@pytest.fixture
def now() -> Iterator[clock.FrozenClock]:
    with clock.frozen(NOW) as standing:
        yield standing


@pytest.fixture
def world() -> World:
    world = make_world()
    with clock.frozen(NOW):
        while send_next(world.tenant.pk):
            pass
    return world


def told(events: list[Event]) -> list[tuple[str, str, str]]:
    """The oldest first: what, by what kind of actor, as what."""
    return [(str(event.title) or event.action, event.kind, str(event.text)) for event in reversed(events)]


def test_all_that_happened(world: World, now: clock.FrozenClock) -> None:
    document = world.company.document
    operator = make_user()
    with tenant_context(world.tenant):
        add_operator(user=operator)
        _key, token = create_api_key(member=world.company.members[Role.AUTHORITY], name="会計")
    pdf = reverse("invoices:pdf", args=[document.public_id])
    api = f"/api/v1/documents/{document.public_id}/xml/"
    steps = [
        lambda: visitor(world.tenant).get(f"/d/{world.link}/"),
        lambda: visitor(world.tenant).get(f"/d/{world.link}/xml"),
        lambda: world.client().get(pdf),
        lambda: Client(HTTP_HOST=f"{world.tenant.slug}.localhost").get(
            api, headers={"Authorization": f"Bearer {token}"}
        ),
        lambda: sign_in(operator, world.tenant).get(f"/admin/invoices/document/{document.pk}/pdf/"),
    ]
    for minutes, step in enumerate(steps, start=1):
        now.move_to(NOW + timedelta(minutes=minutes))
        assert step().status_code == 200
    with tenant_context(world.tenant):
        everything, customers = events_of(document), events_for_customer(document)
    fetched = [
        ("リンクを開きました", "link", ""),
        ("ダウンロード", "link", "XML(JP PINT)"),
        ("ダウンロード", "member", "PDF"),
        ("ダウンロード", "key", "XML(JP PINT)"),
    ]
    assert told(everything)[0] == ("発行", "", "")
    assert told(everything)[-5:] == [*fetched, ("ダウンロード", "operator", "PDF")]
    assert {what for what, _kind, _text in told(everything)} >= {"ファイル作成", "メール送信済み"}
    assert told(customers)[-4:] == fetched
    assert "operator" not in {event.kind for event in customers}


def test_a_mail_that_fails_and_one_that_is_sent_again(world: World, now: clock.FrozenClock) -> None:
    document = world.company.document
    now.move_to(NOW + timedelta(hours=1))
    with tenant_context(world.tenant):
        mail_again(document=document)
        waiting = Mail.objects.filter(kind="document_issued", reference=document.pk, state=MailState.WAITING)
        waiting.update(state=MailState.FAILED, error="550 unknown", failed_at=clock.now())
        titles = [event[0] for event in told(events_of(document))]
        assert set(titles[-2:]) == {"メール送信失敗", "document_mailed_again"}
        assert "メール送信失敗" not in [event[0] for event in told(events_for_customer(document))]


def test_the_pages_show_it(world: World, now: clock.FrozenClock) -> None:
    document, operator = world.company.document, make_user()
    with tenant_context(world.tenant):
        add_operator(user=operator)
    page = sign_in(operator, world.tenant).get(f"/admin/invoices/document/{document.pk}/").content.decode()
    assert "操作履歴" in page
    assert "2038" in page
    page = world.client().get(reverse("invoices:detail", args=[document.public_id])).content.decode()
    assert "メール送信済み" in page


def test_another_companys_member_does_not(world: World, now: clock.FrozenClock) -> None:
    other = reverse("invoices:detail", args=[world.companies[1].document.public_id])
    assert world.client().get(other).status_code == 404
    with tenant_context(world.tenant):
        assert not DocumentAccess.objects.filter(document=world.companies[1].document).exists()

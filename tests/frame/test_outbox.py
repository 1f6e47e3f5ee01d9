"""Mail: after the commit, each occasion once, tried again when the server is away."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as sent
from django.core.mail.backends.locmem import EmailBackend

from accounts.models import Tenant
from billing_project import clock
from billing_project.outbox import builders
from billing_project.outbox.builders import Letter
from billing_project.outbox.models import Mail, MailState
from billing_project.outbox.services import MAX_ATTEMPTS, STALE, enqueue, retry, send_next
from billing_project.tenancy.context import tenant_context

KIND = "test_letter"


class ServerAway(EmailBackend):
    def send_messages(self, *_args: Any) -> int:
        raise ConnectionRefusedError("nobody listens")


@pytest.fixture(autouse=True)
def letters(monkeypatch: pytest.MonkeyPatch) -> None:
    def build(mail: Mail) -> Letter:
        if mail.data.get("broken"):
            raise LookupError("no such customer")
        return Letter("keiri@example.com", f"件名 {mail.occasion}", "本文", "<p>本文</p>")

    monkeypatch.setattr(builders, "_builders", {KIND: build})
    sent.outbox = []


def ask(tenant: Tenant, occasion: str, **data: Any) -> None:
    with tenant_context(tenant):
        enqueue(occasion=occasion, kind=KIND, **data)


def send_all(tenant: Tenant) -> int:
    count = 0
    while send_next(tenant.pk):
        count += 1
    return count


def only(tenant: Tenant) -> Mail:
    with tenant_context(tenant):
        mail: Mail = Mail.objects.get()
        return mail


def test_an_occasion_is_mailed_once_and_kept_as_sent(tenant: Tenant) -> None:
    for _ in range(2):
        ask(tenant, "invoice:1")
        send_all(tenant)
    assert [message.subject for message in sent.outbox] == ["件名 invoice:1"]
    mail = only(tenant)
    assert (mail.state, mail.recipient, mail.text_body, mail.html_body, mail.attempts) == (
        MailState.SENT,
        "keiri@example.com",
        "本文",
        "<p>本文</p>",
        1,
    )
    assert str(mail.public_id) in sent.outbox[0].extra_headers["Message-ID"]


def test_an_act_that_is_undone_mails_nothing(tenant: Tenant) -> None:
    with pytest.raises(RuntimeError), tenant_context(tenant):
        enqueue(occasion="undone", kind=KIND)
        raise RuntimeError
    assert send_all(tenant) == 0


def test_a_server_that_is_away_is_tried_again_later_and_again(tenant: Tenant, settings: Any) -> None:
    start = clock.now()
    settings.EMAIL_BACKEND = f"{__name__}.ServerAway"
    ask(tenant, "later")
    with clock.frozen(start + timedelta(seconds=5)) as time:
        assert send_all(tenant) == 1
        waiting = only(tenant)
        assert (waiting.state, waiting.error) == (
            MailState.WAITING,
            "ConnectionRefusedError: nobody listens",
        )
        assert waiting.not_before == time.moment + timedelta(minutes=1)
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        assert send_all(tenant) == 0
        time.move_to(waiting.not_before)
        assert send_all(tenant) == 1
    assert len(sent.outbox) == 1
    assert only(tenant).state == MailState.SENT


def test_after_the_last_attempt_it_waits_for_a_person(tenant: Tenant, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.ServerAway"
    ask(tenant, "never")
    with clock.frozen(clock.now() + timedelta(seconds=5)) as time:
        for _ in range(MAX_ATTEMPTS):
            send_all(tenant)
            time.move_to(time.moment + timedelta(days=1))
        failed = only(tenant)
        assert (failed.state, failed.attempts) == (MailState.FAILED, MAX_ATTEMPTS)
        assert send_all(tenant) == 0
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        with tenant_context(tenant):
            retry(mail=failed)
        send_all(tenant)
    assert only(tenant).state == MailState.SENT


def test_a_letter_that_cannot_be_written_fails_by_name_and_stops_no_other(tenant: Tenant) -> None:
    ask(tenant, "broken", broken=True)
    ask(tenant, "fine")
    assert send_all(tenant) == 2
    assert [message.subject for message in sent.outbox] == ["件名 fine"]
    with tenant_context(tenant):
        failed = Mail.objects.get(occasion="broken")
        assert (failed.state, failed.error) == (MailState.FAILED, "LookupError: no such customer")


def test_who_died_while_sending_is_followed_by_another_with_the_same_message_id(tenant: Tenant) -> None:
    """The intent is committed first, so a mail is never forgotten; the receiver can tell a second copy."""
    ask(tenant, "crash")
    with tenant_context(tenant):
        Mail.objects.update(
            state=MailState.SENDING, attempts=1, not_before=clock.now() + STALE, subject="件名", text_body="x"
        )
    assert send_all(tenant) == 0
    with clock.frozen(clock.now() + STALE + timedelta(seconds=1)):
        assert send_all(tenant) == 1
    assert only(tenant).attempts == 2

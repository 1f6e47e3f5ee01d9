"""Mails as they were sent, and a button for those that failed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import RangeDateTimeFilter
from unfold.decorators import display

from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, list_of, page_of, row_act
from billing_project.backoffice.asking import Ask, count_of
from billing_project.backoffice.dashboard import Figure, dashboard
from billing_project.backoffice.effects import effect
from billing_project.backoffice.filters import words_filter
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.inbox import Kind, waits
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Column, Fact, Facts, Insert, Prose, Section, Table, section
from billing_project.backoffice.words import MAIL_STATES, MAILS, word
from billing_project.outbox.models import Mail, MailState
from billing_project.outbox.services import retry


@admin.register(Mail)
class MailAdmin(OperatorAdmin):
    list_display = ("created", "state_label", "kind_name", "recipient", "subject_line", "sent")
    list_display_links = ("created", "subject_line")
    search_fields = ("^recipient", "^subject", "^occasion")
    search_help_text = _("Beginning of the mail address or of the subject")
    list_filter = (
        words_filter(_("state"), "state", MAIL_STATES),
        words_filter(_("kind"), "kind", MAILS),
        ("created_at", RangeDateTimeFilter),
    )
    ordering = ("-created_at", "-id")
    csv_columns = (
        (_("created"), "created_at"),
        (_("state"), lambda mail: word(MAIL_STATES, mail.state)),
        (_("kind"), lambda mail: word(MAILS, mail.kind)),
        (_("to"), "recipient"),
        (_("subject"), "subject"),
        (_("sent"), "sent_at"),
        (_("attempts"), "attempts"),
        (_("error"), "error"),
    )

    def page_title(self, row: Any) -> str:
        return row.subject or word(MAILS, row.kind)

    @display(description=_("created"), ordering="created_at")
    def created(self, mail: Mail) -> str:
        return cells.moments(mail.created_at)

    @display(description=_("state"), ordering="state")
    def state_label(self, mail: Mail) -> Any:
        return cells.state(mail.state, word(MAIL_STATES, mail.state))

    @display(description=_("kind"), ordering="kind")
    def kind_name(self, mail: Mail) -> str:
        return word(MAILS, mail.kind)

    @display(description=_("subject"), ordering="subject")
    def subject_line(self, mail: Mail) -> Any:
        return mail.subject or _("Not written yet")

    @display(description=_("sent"), ordering="sent_at")
    def sent(self, mail: Mail) -> str:
        return cells.moments(mail.sent_at)


@section(Mail, order=10)
def envelope(_request: Any, mail: Mail) -> Section:
    return Facts(
        _("Mail"),
        (
            Fact(_("state"), cells.state(mail.state, word(MAIL_STATES, mail.state))),
            Fact(_("kind"), word(MAILS, mail.kind)),
            Fact(_("to"), mail.recipient or "—"),
            Fact(_("subject"), mail.subject or "—"),
            Fact(_("created"), cells.moments(mail.created_at)),
            Fact(_("sent"), cells.moments(mail.sent_at)),
            Fact(_("next attempt"), "—" if mail.sent_at else cells.moments(mail.not_before)),
            Fact(_("attempts"), mail.attempts),
            Fact(_("occasion"), cells.mono(mail.occasion)),
        ),
    )


@section(Mail, order=20)
def what_failed(_request: Any, mail: Mail) -> Section | None:
    return Prose(_("Error"), mail.error, "danger") if mail.error else None


@section(Mail, order=30)
def text_as_sent(_request: Any, mail: Mail) -> Section | None:
    return Prose(_("Text as sent"), mail.text_body) if mail.text_body else None


@section(Mail, order=40)
def html_as_sent(_request: Any, mail: Mail) -> Section | None:
    """In a frame without scripts, forms or an origin of its own."""
    return (
        Insert(_("HTML as sent"), "admin/mail_html.html", {"html": mail.html_body})
        if mail.html_body
        else None
    )


@row_act(Mail, "retry", _("Send again"), "refresh", offered=lambda mail: mail.state == MailState.FAILED)
def retry_page(request: Any, mail: Mail) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> Any:
        retry(mail=mail)
        return _("The mail is being sent once more.")

    lead = _("The mail is tried again at once, and a few times more if it fails again.")
    question = Question(_("Send again"), OperatorForm(request.POST), act, page_of(mail), lead)
    return ask(request, question, original=mail, opts=mail._meta)


MANY = 10_000


def _counts() -> dict[str, Ask]:
    waiting = Mail.objects.filter(state__in=[MailState.WAITING, MailState.SENDING])
    return {
        "mails_waiting": count_of(waiting, MANY),
        "mails_failed": count_of(Mail.objects.filter(state=MailState.FAILED)),
    }


@dashboard(Figure, order=70, asks=_counts)
def mail_figure(_request: Any, found: dict[str, Any]) -> Iterator[Figure]:
    failed = found["mails_failed"]
    count = found["mails_waiting"]
    waiting = f"{count:,}" if count < MANY else f"{MANY:,}+"
    note = ngettext("%(count)s failed", "%(count)s failed", failed) % {"count": failed}
    yield Figure(_("Mails waiting"), waiting, note, list_of(Mail), "danger" if failed else "")


def _failed() -> QuerySet[Mail]:
    found: QuerySet[Mail] = Mail.objects.filter(state=MailState.FAILED)
    return found


waits(
    70,
    Kind(
        "failed_mails",
        _("Mails that could not be sent"),
        Mail,
        _failed,
        since="created_at",
        what=Concat(F("recipient"), Value(" "), F("subject")),
        why="error",
        acts=("retry",),
        tone="danger",
    ),
)


@effect(Mail, order=90)
def mails_asked_for(mails: QuerySet[Mail]) -> Section | None:
    """By kind: whom they go to is known when they are written."""
    counts = mails.order_by("kind").values_list("kind").annotate(count=models.Count("pk"))
    rows = [(word(MAILS, kind), cells.number(count)) for kind, count in counts]
    columns = [Column(_("Mail")), Column(_("count"), numeric=True)]
    return Table(_("Mails that would be sent"), columns, rows) if rows else None

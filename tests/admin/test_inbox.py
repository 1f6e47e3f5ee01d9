"""Everything that needs a person is in the inbox, with its age, its sum and the way to the act."""

from __future__ import annotations

from datetime import date

from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import OperatorRole
from billing_project.backoffice.inbox import Item, kinds, waiting
from billing_project.jobs.runs import Run
from billing_project.outbox.models import Mail, MailState
from billing_project.tenancy.context import tenant_context
from payments.models import GatewayEvent, Payment, PaymentState
from tests.admin.world import NOW, Office
from tests.web.world import visitor

INBOX = reverse("admin:inbox")


def waiting_of(*codes: str, start: int = 0, end: int = 1000) -> list[Item]:
    """In the tenant's context; without codes all kinds."""
    chosen = [kind for kind in kinds() if kind.code in (codes or {kind.code})]
    return waiting({kind.code: kind.rows() for kind in chosen}, start, end)


def test_each_kind_of_trouble_is_there(seen: Office) -> None:
    """What the tenant has of failures, doubts and wishes, each found by its kind."""
    with tenant_context(seen.tenant):
        found = {item.kind.code for item in waiting_of()}
    assert found == {
        "unmatched",
        "doubtful",
        "taken_back",
        "bank_uploads",
        "sales_uploads",
        "chargebacks",
        "payout_files",
        "failed_jobs",
        "month_runs",
        "bulk_runs",
        "stories",
        "failed_mails",
        "wrong",
        "paper",
        "quote_requests",
    }


def test_an_item_says_since_when_how_much_and_what_to_do(seen: Office) -> None:
    payment = seen.row(Payment, state=PaymentState.UNMATCHED)
    html = seen.client().get(INBOX, {"kind": "unmatched"}).content.decode()
    assert payment.payer_name in html
    assert "5,000" in html
    for act in ("match", "split", "send-back"):
        assert reverse(f"admin:payments_payment_{act}", args=[payment.pk]) in html
    assert reverse("admin:outbox_mail_retry", args=[seen.row(Mail, state="failed").pk]) not in html


def test_age_is_counted_in_days_of_the_tenant(seen: Office) -> None:
    with tenant_context(seen.tenant):
        [item] = waiting_of("failed_mails")
    assert (item.since, item.age) == (date(2026, 10, 5), 29)


def test_the_longest_waiting_comes_first(seen: Office) -> None:
    with tenant_context(seen.tenant):
        days = [item.since for item in waiting_of()]
        assert [item.since for item in waiting_of(start=2, end=4)] == days[2:4]
    assert days == sorted(days)


def test_it_asks_little_and_shows_only_the_tenants_own(seen: Office, elsewhere: Office) -> None:
    client = seen.client()
    client.get(INBOX)
    with CaptureQueriesContext(connection) as asked:
        html = client.get(INBOX).content.decode()
    real = [each["sql"] for each in asked if each["sql"].startswith(("SELECT", "(SELECT"))]
    assert len(real) <= 15
    foreign = elsewhere.row(Payment, state=PaymentState.UNMATCHED)
    assert reverse("admin:payments_payment_change", args=[foreign.pk]) not in html


def test_who_only_reads_is_offered_no_act(seen: Office) -> None:
    payment = seen.row(Payment, state=PaymentState.UNMATCHED)
    html = seen.client(OperatorRole.SUPPORT).get(INBOX).content.decode()
    assert reverse("admin:payments_payment_match", args=[payment.pk]) not in html
    assert reverse("admin:payments_payment_change", args=[payment.pk]) in html


def test_members_and_strangers_see_none_of_it(seen: Office) -> None:
    assert seen.as_member().get(INBOX, follow=True).status_code == 403
    assert visitor(seen.tenant).get(INBOX).status_code == 302


def test_an_event_that_cannot_be_handled_ends_here_until_it_is(office: Office) -> None:
    client = office.client()
    with tenant_context(office.tenant):
        event = GatewayEvent.objects.create(
            event_id="evt_broken", kind="charge.failed", payload={}, received_at=NOW, error="KeyError: id"
        )
    assert "KeyError: id" in client.get(INBOX, {"kind": "stuck_events"}).content.decode()
    with tenant_context(office.tenant):
        GatewayEvent.objects.filter(pk=event.pk).update(handled_at=NOW, error="")
    assert "charge.failed" not in client.get(INBOX).content.decode()


def test_the_dashboard_leads_to_each_kind(busy: Office) -> None:
    html = busy.client().get(reverse("admin:index")).content.decode()
    assert f"{INBOX}?kind=failed_mails" in html
    with tenant_context(busy.tenant):
        Mail.objects.filter(state=MailState.FAILED).update(state=MailState.WAITING)
    assert f"{INBOX}?kind=failed_mails" not in busy.client().get(reverse("admin:index")).content.decode()


def test_every_kind_of_work_in_the_background_can_end_here() -> None:
    """Whatever an operator asks for and a worker does, its failure is a row of a kind."""
    runs = {model for model in apps.get_models() if issubclass(model, Run)}
    assert runs <= {kind.model for kind in kinds()}

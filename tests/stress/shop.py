"""A shop whose closing day was one of the last three days, so that workers find real work in real time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from accounts.models import Issuer, Tenant
from billing_project import clock
from billing_project.calendar import Month
from billing_project.jobs.models import Job
from billing_project.jobs.services import run_due
from billing_project.outbox.models import Mail, MailState
from billing_project.tenancy.context import tenant_context
from invoices.models import Closing, Document, DocumentFile, DocumentLine
from invoices.services.files import PDF
from tests.factories import make_customer, make_tenant
from tests.invoices.shop import TOKYO, assert_books_are_right, charge
from tests.stress.machinery import Mailbox

CUSTOMERS = 4
NOON, DAWN = time(12), time(0, 0)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Shop:
    """`closes_on` is the closing day and, as with E1, the issue day too; its jobs are due."""

    tenant: Tenant
    since: date
    closes_on: date

    @property
    def pk(self) -> int:
        return self.tenant.pk

    def caught_up(self, until: datetime) -> None:
        """All jobs up to this moment have run as they should."""
        with clock.frozen(until):
            run_due(self.pk, until)

    def jobs_done(self) -> list[tuple[str, date]]:
        """Names and dates, in the order in which they were written down; each ran once."""
        with tenant_context(self.tenant):
            assert not Job.objects.exclude(state="done", attempts=1).exists()
            return list(Job.objects.order_by("id").values_list("name", "due_on"))

    def issued(self) -> bool:
        with tenant_context(self.tenant):
            return Closing.objects.filter(closes_on=self.closes_on, state="issued").exists()

    def documents(self) -> list[Document]:
        with tenant_context(self.tenant):
            return list(Document.objects.order_by("kind", "serial"))

    def assert_billed_once(self, customers: int = CUSTOMERS) -> None:
        """Numbers 1…n, each charge on one document, one closing, books that agree."""
        with tenant_context(self.tenant):
            assert Closing.objects.count() == 1
            serials = Document.objects.order_by("serial").values_list("serial", flat=True)
            assert list(serials) == list(range(1, customers + 1))
            assert DocumentLine.objects.count() == customers
        assert_books_are_right(self.tenant)

    def mails(self) -> list[Mail]:
        """In the order in which they were asked for."""
        with tenant_context(self.tenant):
            return list(Mail.objects.order_by("id"))

    def all_sent(self) -> bool:
        return all(mail.state == MailState.SENT for mail in self.mails())

    def pause_is_over(self) -> None:
        """As if what mails wait for had come: the next attempt, or the morning."""
        with tenant_context(self.tenant):
            Mail.objects.filter(state=MailState.WAITING).update(not_before=clock.now())

    def assert_mailed_once(self, mailbox: Mailbox) -> None:
        """Every document has one file, and every mail went out once."""
        assert self.files() == sorted(document.pk for document in self.documents())
        assert mailbox.ids() == sorted(f"<{mail.public_id}@localhost>" for mail in self.mails())

    def files(self) -> list[int]:
        """The documents that have a file, one entry per file."""
        with tenant_context(self.tenant):
            papers = DocumentFile.objects.filter(media_type=PDF)
            return sorted(papers.values_list("document_id", flat=True))


def make_shop(customers: int = CUSTOMERS) -> Shop:
    """A shop that began six days ago and has sold to each of its customers since."""
    today = clock.today(TOKYO)
    since = today - 6 * _DAY
    closes_on, rule = _closing_day(today - n * _DAY for n in (3, 2, 1))
    with clock.frozen(datetime.combine(since, DAWN, tzinfo=TOKYO)):
        tenant = make_tenant(since=since, closes=rule, issue_day=rule)
        with tenant_context(tenant):
            Issuer.objects.update(registration_number="T1234567890123", charges_tax=True)
            for number in range(customers):
                charge(make_customer(f"c{number}"), since, 100 + number)
    return Shop(tenant, since, closes_on)


def at_noon(day: date) -> datetime:
    return datetime.combine(day, NOON, tzinfo=TOKYO)


def _closing_day(days: Iterable[date]) -> tuple[date, str]:
    """The first of the days that a day rule can name, and the rule; of three days in a row one always is."""
    for day in days:
        if day == Month.of(day).last_day:
            return day, "last"
        if day.day <= 28:
            return day, str(day.day)
    raise AssertionError("There is no such day.")

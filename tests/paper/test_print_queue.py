"""Documents on paper (A18): the queue, the pile of a day, and what never goes on paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from pikepdf import Pdf

from accounts.models import Customer, OperatorRole, Tenant
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.errors import Code
from billing_project.tenancy.context import tenant_context
from cancellations.services import cancel
from invoices.models import Document, DocumentKind, PaperRequest
from invoices.rendering.merging import Sheet, merge
from invoices.services.closing import close_period, issue_closing
from invoices.services.files import ensure_file
from invoices.services.paper import ask_for_paper, print_day, queue_days
from orders.services import deliver
from tests.acts import at, refused
from tests.admin.world import NOW, Office, make_busy_office
from tests.orders.factories import order_of
from tests.rendering.reading import text_of

TODAY = date(2026, 12, 10)


def documents(customer: Customer) -> list[Document]:
    return list(Document.objects.filter(customer=customer).order_by("pk"))


def pages(pdf: bytes) -> int:
    return len(Pdf.open(BytesIO(pdf)).pages)


def test_a_day_is_one_pdf_with_a_list_in_front(acme: Customer) -> None:
    first, second = documents(acme)
    for document in (first, second, first):
        ask_for_paper(document=document)
    assert [(each.documents, each.waiting) for each in queue_days()] == [(2, 2)]
    pdf = print_day(day=TODAY)
    own = sum(pages(bytes(ensure_file(each).content)) for each in (first, second))
    assert pages(pdf) == 1 + own
    text = text_of(pdf)
    assert "印刷一覧" in text
    assert text.index(first.number) < text.index(second.number)
    assert {each.printed_at for each in PaperRequest.objects.all()} == {clock.now()}
    entry = AuditEntry.objects.get(action="paper_printed")
    assert entry.data["documents"] == [first.number, second.number]


def test_printed_already_is_said_and_can_be_repeated(acme: Customer) -> None:
    first, second = documents(acme)
    ask_for_paper(document=first)
    before = pages(print_day(day=TODAY))
    with refused(Code.ALREADY_DECIDED):
        print_day(day=TODAY)
    assert pages(print_day(day=TODAY, again=True)) == before
    # What comes later on the day is printed with the rest.
    ask_for_paper(document=second)
    assert pages(print_day(day=TODAY)) == before + 1
    assert queue_days()[0].waiting == 0


def test_asked_for_again_after_printing_is_a_new_place(acme: Customer) -> None:
    first = documents(acme)[0]
    ask_for_paper(document=first)
    print_day(day=TODAY)
    with clock.frozen(at("2026-12-11 09:00")):
        assert ask_for_paper(document=first).asked_on == date(2026, 12, 11)


def test_a_return_invoice_is_never_printed(acme: Customer) -> None:
    with clock.frozen(at("2026-12-28 09:00")):
        order = order_of(acme)
        deliver(order=order)
    with clock.frozen(at("2027-01-01 07:00")):
        issue_closing(closing=close_period(closes_on=date(2026, 12, 31)))
        cancel(order=order, line_position=1)
    returned = Document.objects.get(kind=DocumentKind.RETURN_INVOICE)
    with refused(Code.NOT_ON_PAPER):
        ask_for_paper(document=returned)


def test_a_day_without_documents(acme: Customer) -> None:
    with refused(Code.INVALID_INPUT):
        print_day(day=date(2026, 1, 1))


def test_texts_of_the_list_are_no_markup(tenant: Tenant) -> None:
    blank = Pdf.new()
    blank.add_blank_page()
    buffer = BytesIO()
    blank.save(buffer)
    sheet = Sheet("INV-1", "請求書", "<b>新社", "100-0001", buffer.getvalue())
    assert "<b>新社" in text_of(merge(TODAY, [sheet]))


@pytest.fixture
def office() -> Iterator[Office]:
    with clock.frozen(NOW):
        yield make_busy_office()


def test_a_member_asks_and_an_operator_prints(office: Office) -> None:
    document = office.world.companies[1].document
    member = office.world.client(company=1)
    page = reverse("invoices:detail", args=[document.public_id])
    assert member.post(reverse("invoices:paper", args=[document.public_id])).status_code == 302
    assert "2026-11-03" in member.get(page).content.decode()
    address = reverse("admin:invoices_paperrequest_print")
    client = office.client()
    answer = client.post(address, {"day": "2026-11-03"})
    assert answer["Content-Type"] == "application/pdf"
    again = client.post(address, {"day": "2026-11-03"})
    assert again.status_code == 422
    assert client.post(address, {"day": "2026-11-03", "again": "on"}).status_code == 200
    assert client.post(address, {"day": "2020-01-01"}).status_code == 422
    with tenant_context(office.tenant):
        assert PaperRequest.objects.get(document=document).asked_by


def test_an_operator_asks_for_a_document(office: Office) -> None:
    document = office.world.companies[1].document
    address = reverse("admin:invoices_document_paper", args=[document.pk])
    assert office.client().post(address).status_code == 302
    assert office.client(OperatorRole.SUPPORT).post(address).status_code == 403

"""What comes with a document, a preview of it, and a document for one customer."""

from datetime import date

from accounts.models import Tenant
from accounts.services import addressee_of
from billing_project.audit.models import AuditEntry
from billing_project.money import Rounding
from billing_project.outbox.models import Mail
from invoices.models import Closing, Document, DocumentKind
from invoices.selectors import closing_figures
from invoices.services.issuing import Terms, issue_documents_of_charges
from invoices.services.previews import preview_closing
from tests.factories import make_customer
from tests.invoices.shop import (
    OCTOBER_31,
    at,
    charge,
    close_and_issue,
    documents,
)


def test_each_document_is_announced_once_and_the_act_is_in_the_audit_log(shop: Tenant) -> None:
    with at(shop, "2026-10-28 10:00"):
        charge(make_customer(), date(2026, 10, 28), 1_000)
    with at(shop, "2026-11-01 07:00"):
        [invoice] = documents(close_and_issue())
        [mail] = Mail.objects.filter(kind="document_issued")
        assert (mail.occasion, mail.reference) == (f"document:{invoice.pk}:issued", invoice.pk)
        acts = AuditEntry.objects.filter(action__in=["period_closed", "documents_issued"])
        assert [act.action for act in acts.order_by("id")] == ["period_closed", "documents_issued"]


def test_a_preview_says_what_will_be_and_changes_nothing(shop: Tenant) -> None:
    with at(shop, "2026-10-28 10:00"):
        charge(make_customer("a"), date(2026, 10, 28), 1_000)
        charge(make_customer("b"), date(2026, 10, 28), 1_000, tax="reduced")
        preview = preview_closing(closes_on=OCTOBER_31)
        assert (preview.figures.documents, preview.figures.total) == (2, 2_180)
        assert [document.total for document in preview.documents] == [1_100, 1_080]
        assert not Closing.objects.exists()
        assert not Document.objects.exists()
        assert not Mail.objects.filter(kind="document_issued").exists()
    with at(shop, "2026-11-01 07:00"):
        closing = close_and_issue()
        assert closing_figures(closing) == preview.figures
        assert preview_closing(closes_on=OCTOBER_31).figures == preview.figures


def test_a_delivery_note_is_the_same_act_with_one_customer(shop: Tenant) -> None:
    with at(shop, "2026-10-28 10:00"):
        acme = make_customer(pays="card")
        sold = [charge(acme, date(2026, 10, 28), price) for price in (123, 234)]
        terms = Terms(
            issued_on=date(2026, 10, 28),
            rounding=Rounding.FLOOR,
            apply_deposit=False,
            due_on={},
            kind=DocumentKind.DELIVERY_NOTE,
        )
        [note] = issue_documents_of_charges(charges=sold, terms=terms)
        assert (note.number, note.due_on, note.total) == ("DN-2026-000001", None, 357 + 35)
        assert note.booked_on == date(2026, 10, 28)
        assert note.addressee == addressee_of(acme)

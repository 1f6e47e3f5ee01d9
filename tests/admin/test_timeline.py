"""All that happened with a customer, in one list, newest first."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Customer
from accounts.services.customers import change_credit_limit
from billing_project.backoffice.history import PER_PAGE, happenings, strands
from billing_project.outbox.models import Mail
from billing_project.tenancy.context import tenant_context
from tests.admin.world import Office


def address(customer: Customer) -> str:
    return reverse("admin:accounts_customer_history-of", args=[customer.pk])


def test_every_strand_is_in_it_newest_first(seen: Office) -> None:
    with tenant_context(seen.tenant):
        rows, more = happenings(seen.world.company.customer, page=1)
        names = {each.strand.name for each in rows}
        moments = [each.at for each in rows]
    assert {"acts", "documents", "orders", "quotes", "payments", "payouts", "card_payments"} <= names
    assert moments == sorted(moments, reverse=True)
    assert not more


def test_it_is_the_customers_alone(seen: Office) -> None:
    other = seen.world.companies[1]
    with tenant_context(seen.tenant):
        rows, _more = happenings(seen.world.company.customer, page=1)
    assert seen.world.company.document.number in {each.what for each in rows}
    assert other.document.number not in {each.what for each in rows}
    assert other.billed.number not in {each.what for each in rows}


def test_acts_and_mails_say_who(office: Office) -> None:
    customer, client = office.world.company.customer, office.client()
    with tenant_context(office.tenant):
        change_credit_limit(customer=customer, credit_limit=100_000)
        contact = customer.accounting_contacts.get().email
        Mail.objects.filter(pk=Mail.objects.order_by("pk")[0].pk).update(recipient=contact, subject="件名一")
    html = client.get(address(customer)).content.decode()
    assert "与信限度額の変更" in html
    assert "件名一" in html
    assert contact in html
    assert "件名一" not in client.get(address(office.world.companies[1].customer)).content.decode()


def test_one_strand_and_pages(seen: Office) -> None:
    customer = seen.world.company.customer
    with tenant_context(seen.tenant):
        for strand in strands():
            rows, _more = happenings(customer, page=1, only=strand.name)
            assert {each.strand.name for each in rows} <= {strand.name}
        assert len(happenings(customer, page=1)[0]) <= PER_PAGE
        assert happenings(customer, page=9)[0] == []
    client = seen.client()
    assert client.get(address(customer), {"only": "documents"}).status_code == 200
    for page in ("0", "-1", "x"):
        assert client.get(address(customer), {"page": page}).status_code == 404


def test_it_asks_little_and_is_not_there_for_another_tenant(seen: Office, elsewhere: Office) -> None:
    client, customer = seen.client(), seen.world.company.customer
    client.get(address(customer))
    with CaptureQueriesContext(connection) as asked:
        client.get(address(customer))
    assert len([each for each in asked if each["sql"].startswith(("SELECT", "(SELECT"))]) <= 15
    assert elsewhere.client().get(address(customer)).status_code == 404

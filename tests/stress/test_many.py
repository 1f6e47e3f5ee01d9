"""Eight processes issue documents at once and change their minds, while two workers send the mails (X2)."""

from __future__ import annotations

import json

import pytest

from billing_project import clock
from billing_project.tenancy.context import tenant_context
from invoices.models import Document, DocumentLine
from tests.factories import make_customer
from tests.invoices.shop import TOKYO, assert_books_are_right, charge
from tests.stress.conftest import OpenShop
from tests.stress.machinery import Machines, Mailbox, until

pytestmark = pytest.mark.stress
DOCUMENTS = 24


def test_eight_processes_issue_documents_at_once(
    machines: Machines, mailbox: Mailbox, open_shop: OpenShop
) -> None:
    shop = open_shop(customers=0)
    with tenant_context(shop.tenant):
        customers = [make_customer(f"c{number}", pays="card") for number in range(4)]
        today = clock.today(TOKYO)
        charges = [charge(customers[n % 4], today, 1_000 + n).pk for n in range(DOCUMENTS)]
    asked = json.dumps({"tenant_id": shop.pk, "charge_ids": charges})
    issuers = machines.start(
        "-m", "tests.stress.issuers", asked, DJANGO_SETTINGS_MODULE="billing_project.settings"
    )
    machines.workers(2)
    assert issuers.wait() == 0, issuers.lines()
    assert "changed its mind" in issuers.lines()
    with tenant_context(shop.tenant):
        serials = Document.objects.order_by("serial").values_list("serial", flat=True)
        assert list(serials) == list(range(1, DOCUMENTS + 1))
        assert sorted(DocumentLine.objects.values_list("charge_id", flat=True)) == sorted(charges)
    assert_books_are_right(shop.tenant)
    until(shop.all_sent, "the mails went out")
    assert len(mailbox.ids()) == DOCUMENTS
    shop.assert_mailed_once(mailbox)

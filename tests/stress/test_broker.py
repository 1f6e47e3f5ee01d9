"""The broker is away while people work: nothing of theirs fails, and nothing is lost."""

from __future__ import annotations

import pytest

from billing_project.calendar import Month
from billing_project.embedded.valkey import Valkey
from billing_project.jobs.runs import RunState
from billing_project.outbox.models import Mail, MailState
from billing_project.tenancy.context import tenant_context
from invoices.services.links import create_link
from invoices.services.month_runs import ask_for_month
from orders.models import Order
from tests.stress.browser import Browser
from tests.stress.conftest import OpenShop
from tests.stress.machinery import Machines, Mailbox, start_again, until

pytestmark = pytest.mark.stress


def test_the_broker_is_away_for_a_while(
    machines: Machines, broker: Valkey, mailbox: Mailbox, open_shop: OpenShop
) -> None:
    shop = open_shop(customers=1)
    machines.beat()
    worker = machines.start_worker()
    website = machines.web()
    browser = Browser(website, shop.tenant)
    worker.says("ready.")
    until(lambda: shop.mails() and shop.all_sent(), "everything runs")

    broker.stop()
    browser.order("DV-1Y")
    until(lambda: website.process.events("broker_unreachable"), "the broker was missed")
    with tenant_context(shop.tenant):
        assert Order.objects.count() == 1
        asked = Mail.objects.get(kind="order_accepted")
        token = create_link(document=shop.documents()[0], email="keiri@example.com")
        assert asked.state == MailState.WAITING
        # Told to a broker that no worker of this test listens to: as good as lost.
        run = ask_for_month(month=Month.of(shop.closes_on))
    assert browser.get(f"/d/{token}/") == 200

    def done() -> bool:
        with tenant_context(shop.tenant):
            asked.refresh_from_db()
            run.refresh_from_db()
            return asked.state == MailState.SENT and run.state == RunState.DONE

    start_again(broker)
    until(done, "beat and worker have found their way back")
    assert len(mailbox.ids()) == len(set(mailbox.ids())) == 2

"""The beat was off for three days (X3): what was missed is done in order and dated as it would have been."""

from __future__ import annotations

from datetime import timedelta

import pytest

from billing_project import clock
from billing_project.jobs.services import next_due
from billing_project.tenancy.context import tenant_context
from invoices.models import Closing
from tests.invoices.shop import TOKYO
from tests.stress.machinery import Machines, Mailbox, until
from tests.stress.shop import Shop, at_noon

pytestmark = pytest.mark.stress


def caught_up(shop: Shop) -> bool:
    with tenant_context(shop.tenant):
        return next_due(clock.now()) is None


def test_three_days_without_a_beat(machines: Machines, mailbox: Mailbox, shop: Shop) -> None:
    today = clock.today(TOKYO)
    last_day = today - timedelta(days=4)
    shop.caught_up(at_noon(last_day))
    before = shop.jobs_done()
    assert {day for _name, day in before} == {last_day - timedelta(days=n) for n in range(3)}

    machines.beat()
    machines.worker()
    until(lambda: caught_up(shop), "all days are caught up")
    missed = shop.jobs_done()[len(before) :]
    assert [day for _name, day in missed] == sorted(day for _name, day in missed)
    assert len(missed) == len(set(missed))
    assert {day for _name, day in missed} == {today - timedelta(days=n) for n in range(4)}
    billing = [(name, day) for name, day in missed if name.startswith("invoices.")]
    assert billing == [("invoices.close", shop.closes_on), ("invoices.issue", shop.closes_on)]

    with tenant_context(shop.tenant):
        assert Closing.objects.get().closes_on == shop.closes_on
    assert {document.issued_on for document in shop.documents()} == {shop.closes_on}
    shop.assert_billed_once()
    until(shop.all_sent, "the mails went out")
    shop.assert_mailed_once(mailbox)

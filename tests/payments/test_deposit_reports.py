"""Deposits on the days of record, and the warning from 10,000,000 yen on (X11)."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import Tenant
from accounts.services import add_operator
from billing_project import clock
from billing_project.jobs.services import run_due
from billing_project.outbox.models import Mail
from billing_project.tenancy.context import tenant_context
from payments.models import DepositReport
from payments.rules import is_day_of_record, last_day_of_record
from payments.services import receive_transfer, report_deposits
from tests.acts import at, letters
from tests.factories import make_customer, make_tenant, make_user


def test_the_days() -> None:
    assert [day for day in (date(2026, 3, 31), date(2026, 9, 30)) if is_day_of_record(day)] == [
        date(2026, 3, 31),
        date(2026, 9, 30),
    ]
    assert not is_day_of_record(date(2026, 9, 29))
    assert last_day_of_record(date(2026, 9, 30)) == date(2026, 3, 31)
    assert last_day_of_record(date(2026, 10, 1)) == date(2026, 9, 30)
    assert last_day_of_record(date(2027, 1, 1)) == date(2026, 9, 30)


def hold(amount: int, day: date) -> None:
    receive_transfer(
        amount=amount,
        payer_name="ｶ)ｱｸﾒ",
        received_on=day,
        reference=f"{day}",
        customer=make_customer(f"{day}"),
    )


@pytest.fixture
def shop() -> Tenant:
    return make_tenant(since=date(2026, 9, 30))


def test_the_job_reports_once_with_the_day_itself_and_nothing_later(shop: Tenant) -> None:
    with tenant_context(shop):
        add_operator(user=make_user())
        with clock.frozen(at("2026-10-01 01:00")):
            hold(9_999_999, date(2026, 9, 30))
            hold(5_000, date(2026, 10, 1))
    with clock.frozen(at("2026-10-01 07:00")):
        for _ in range(2):
            run_due(shop.pk)
    with tenant_context(shop):
        report = DepositReport.objects.get()
        assert (report.day, report.customers, report.total) == (date(2026, 9, 30), 1, 9_999_999)
        assert [row[2] for row in report.rows] == [9_999_999]
        assert not report.is_warned
        assert Mail.objects.filter(kind="deposit_report").count() == 1
        [letter] = letters("deposit_report")
        assert "9,999,999円" in letter.text
        assert "資金決済法" not in letter.text


def test_the_warning(shop: Tenant) -> None:
    with tenant_context(shop), clock.frozen(at("2026-10-01 09:00")):
        add_operator(user=make_user())
        hold(10_000_000, date(2026, 9, 30))
        assert report_deposits(day=date(2026, 9, 30)).is_warned
        assert "資金決済法" in letters("deposit_report")[0].text

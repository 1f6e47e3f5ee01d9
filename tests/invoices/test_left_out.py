"""A customer whose document would lack something is left out of the closing, and billed once it is mended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from accounts.models import OperatorRole, Tenant
from accounts.services import add_operator, addressee_of
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.backoffice.acts import act_url, page_of
from billing_project.backoffice.inbox import kinds, waiting
from billing_project.calendar import Month
from billing_project.outbox.models import Mail
from billing_project.tenancy.context import tenant_context
from invoices.models import Charge, ClosingState, Document, LeftOut
from invoices.services.charges import reverse_charge
from invoices.services.months import close_month
from invoices.services.previews import preview_closing
from tests.factories import make_customer, make_user
from tests.invoices.shop import (
    NOVEMBER_30,
    OCTOBER_31,
    assert_books_are_right,
    at,
    charge,
    close_and_issue,
    documents,
    make_shop,
    moment,
)
from tests.web.world import sign_in

OCTOBER_15, NOVEMBER_1, DECEMBER_1 = date(2026, 10, 15), date(2026, 11, 1), date(2026, 12, 1)
JANUARY_4 = date(2027, 1, 4)  # the first bank business day after 31 December


class OneIsWrong:
    """甲 and 丙 are in order; of the two sales to 乙 one has no description."""

    def __init__(self) -> None:
        self.shop = make_shop()
        with at(self.shop, "2026-10-15 10:00"):
            self.first, self.wrong, self.last = (make_customer(name) for name in ("甲", "乙", "丙"))
            charge(self.first, OCTOBER_15, 1_000)
            charge(self.wrong, OCTOBER_15, 2_000)
            self.bad: Charge = charge(self.wrong, OCTOBER_15, 4_000, description="\u3000")
            charge(self.last, OCTOBER_15, 8_000)

    def mend(self) -> None:
        """That sale is undone and entered anew: for November's closing, with its own date (X4)."""
        reverse_charge(charge=self.bad, on=date(2026, 11, 5))
        charge(self.wrong, OCTOBER_15, 4_000)


@pytest.fixture
def month() -> Iterator[OneIsWrong]:
    made = OneIsWrong()
    yield made
    assert_books_are_right(made.shop)


def told(found: list[Document]) -> list[tuple[str, str, int, date, date | None]]:
    return [(d.number, d.customer.name, d.total, d.issued_on, d.due_on) for d in found]


def test_the_others_are_billed_without_a_gap_and_it_waits_for_a_person(month: OneIsWrong) -> None:
    with at(month.shop, "2026-11-01 07:00"):
        closing = close_and_issue()
        assert told(documents(closing)) == [
            ("INV-2026-000001", "甲", 1_100, NOVEMBER_1, NOVEMBER_30),
            ("INV-2026-000002", "丙", 8_800, NOVEMBER_1, NOVEMBER_30),
        ]
        assert (closing.state, closing.document_count, closing.line_count) == (ClosingState.ISSUED, 2, 2)
        assert Mail.objects.filter(kind="document_issued").count() == 2
        [left_out] = LeftOut.objects.all()
        assert (left_out.customer, left_out.missing) == (month.wrong, ["description"])
        [entry] = AuditEntry.objects.filter(action="customers_left_out")
        assert entry.data["customers"] == [month.wrong.code]
        [kind] = [each for each in kinds() if each.code == "left_out"]
        assert [(item.pk, item.what) for item in waiting({kind.code: kind.rows()}, 0, 10)] == [
            (closing.pk, "乙")
        ]


def test_once_mended_the_same_closing_bills_it_with_its_dates_and_the_next_number(month: OneIsWrong) -> None:
    with at(month.shop, "2026-11-01 07:00"):
        close_and_issue()
    with at(month.shop, "2026-11-05 10:00"):
        month.mend()
    for _twice in range(2):
        with at(month.shop, "2026-11-06 10:00"):
            closing = close_and_issue()
            assert told(documents(closing))[2:] == [("INV-2026-000003", "乙", 2_200, NOVEMBER_1, NOVEMBER_30)]
            assert (closing.document_count, closing.line_count, closing.total) == (3, 3, 12_100)
            assert LeftOut.objects.get().settled_at == moment("2026-11-06 10:00")
    with at(month.shop, "2026-12-01 07:00"):
        next_one = documents(close_and_issue(NOVEMBER_30))
        assert told(next_one) == [("INV-2026-000004", "乙", 4_400, DECEMBER_1, JANUARY_4)]


def test_while_it_is_wrong_nothing_changes_and_the_next_closing_does_not_take_it(month: OneIsWrong) -> None:
    with at(month.shop, "2026-11-01 07:00"):
        close_and_issue()
    with at(month.shop, "2026-11-10 10:00"):
        assert len(documents(close_and_issue())) == 2
        charge(month.wrong, date(2026, 11, 10), 16_000)
    with at(month.shop, "2026-12-01 07:00"):
        next_one = documents(close_and_issue(NOVEMBER_30))
        assert told(next_one) == [("INV-2026-000003", "乙", 17_600, DECEMBER_1, JANUARY_4)]
        assert LeftOut.objects.get(settled_at=None).closing.closes_on == OCTOBER_31


def test_all_documents_of_the_customer_wait_together(month: OneIsWrong) -> None:
    """Also the one to another addressee that would be in order: half of a month would only confuse."""
    with at(month.shop, "2026-10-20 10:00"):
        branch = addressee_of(month.first)
        branch.pk, branch.company_name = None, "甲支店"
        branch.save(force_insert=True)
        charge(month.first, OCTOBER_15, 500, addressee=branch, description=" ")
    with at(month.shop, "2026-11-01 07:00"):
        assert [d.customer.name for d in documents(close_and_issue())] == ["丙"]
        assert LeftOut.objects.count() == 2


def test_a_closing_that_leaves_all_out_issues_nothing_and_says_so() -> None:
    shop = make_shop()
    with at(shop, "2026-10-15 10:00"):
        charge(make_customer("乙"), OCTOBER_15, 1_000, description=" ")
    with at(shop, "2026-11-01 07:00"):
        closing = close_and_issue()
        assert (closing.document_count, LeftOut.objects.count(), Document.objects.count()) == (0, 1, 0)
    assert_books_are_right(shop)


def test_preview_and_dry_run_tell_it_and_closing_the_month_again_bills_it(month: OneIsWrong) -> None:
    october = Month(2026, 10)
    with at(month.shop, "2026-11-01 08:00"):
        assert [each.customer.name for each in preview_closing(closes_on=OCTOBER_31).left_out] == ["乙"]
        assert not LeftOut.objects.exists()
    with clock.frozen(moment("2026-11-01 08:00")):
        done = close_month(tenant=month.shop, month=october, dry_run=True)
        assert (done.figures.documents, done.figures.left_out) == (2, 1)
        done = close_month(tenant=month.shop, month=october)
        assert (done.already_closed, done.figures.documents, done.figures.left_out) == (False, 2, 1)
    with at(month.shop, "2026-11-05 10:00"):
        month.mend()
    with clock.frozen(moment("2026-11-05 11:00")):
        done = close_month(tenant=month.shop, month=october)
        assert (done.already_closed, done.figures.documents, done.figures.left_out) == (False, 3, 0)
        assert close_month(tenant=month.shop, month=october).already_closed


def test_by_the_operators_way(month: OneIsWrong) -> None:
    user = make_user()
    with at(month.shop, "2026-11-01 07:00"):
        closing = close_and_issue()
        add_operator(user=user, role=OperatorRole.ACCOUNTING)
    with clock.frozen(moment("2026-11-05 10:00")):
        client, address = sign_in(user, month.shop), act_url(closing, "bill-left-out")
        page = client.get(page_of(closing)).content.decode()
        assert "乙" in page
        assert "内容のない明細があります" in page
        assert address in page
        assert client.post(address).status_code == 302
        assert _count(month.shop) == 2
        with tenant_context(month.shop):
            month.mend()
        assert "2,200" in client.post(address, {"_preview": "1"}).content.decode()
        assert _count(month.shop) == 2
        assert client.post(address).status_code == 302
        assert _count(month.shop) == 3
        assert address not in client.get(page_of(closing)).content.decode()


def _count(shop: Tenant) -> int:
    with tenant_context(shop):
        return int(Document.objects.count())

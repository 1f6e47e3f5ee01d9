"""Placing an order: what it remembers, what is refused, and that nothing is left of a refused one."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from accounts.models import Member, Role, Tenant
from accounts.services import NewContact, change_contact, set_policy
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.errors import Code
from billing_project.outbox.models import Mail
from orders.models import LineState, Order, OrderLine, OrderSource, OrderState
from orders.services import OrderedLine, create_product, place_order
from tests.acts import at, letters, refused
from tests.factories import make_customer
from tests.orders.factories import make_member, order_of

pytestmark = pytest.mark.usefixtures("in_tenant")


def test_n_certificates_make_n_lines() -> None:
    order = order_of(None, ("DV-1Y", 2), ("WC-1Y", 1))
    lines = list(OrderLine.objects.filter(order=order).order_by("position"))
    assert [(line.position, line.sku, line.quantity, line.unit_price) for line in lines] == [
        (1, "DV-1Y", 1, 30_000),
        (2, "DV-1Y", 1, 30_000),
        (3, "WC-1Y", 1, 98_765),
    ]
    assert {line.state for line in lines} == {LineState.OPEN}
    assert order.state == OrderState.OPEN


def test_what_is_not_sold_singly_stays_one_line() -> None:
    create_product(
        sku="WATER", name="防災備蓄飲料水", unit_price=2_980, tax_category="reduced", sold_singly=False
    )
    order = order_of(None, ("WATER", 24))
    assert OrderLine.objects.get(order=order).quantity == 24


def test_order_day_is_the_tenants_day_and_the_last_day_is_day_30() -> None:
    with clock.frozen(at("2026-11-01 00:30")):  # 2026-10-31 in UTC
        order = order_of()
    assert order.ordered_on == date(2026, 11, 1)
    assert order.last_delivery_on == date(2026, 11, 30)


def test_numbers_count_up_within_the_year() -> None:
    customer = make_customer()
    with clock.frozen(at("2026-12-31 23:59")):
        numbers = [order_of(customer).number for _ in range(2)]
    with clock.frozen(at("2027-01-01 00:00")):
        numbers.append(order_of(customer).number)
    assert numbers == ["O-2026-000001", "O-2026-000002", "O-2027-000001"]


def test_a_number_that_an_import_took_is_passed_over() -> None:
    customer = make_customer()
    with clock.frozen(at("2026-11-01 10:00")):
        taken = order_of(customer)
        Order.objects.create(
            number="O-2026-000002",
            source=OrderSource.IMPORT,
            customer=customer,
            addressee_id=taken.addressee_id,
            policy_version_id=taken.policy_version_id,
            payment_method=taken.payment_method,
            placed_at=taken.placed_at,
            ordered_on=taken.ordered_on,
        )
        assert order_of(customer).number == "O-2026-000003"


def test_the_addressee_is_the_contact_of_the_moment_of_ordering() -> None:
    customer = make_customer(contact="経理 太郎")
    before = order_of(customer)
    change_contact(customer=customer, contact=NewContact("会計 次郎", "jiro@example.com"))
    after = order_of(customer)
    before.refresh_from_db()
    assert before.addressee.contact_name == "経理 太郎"
    assert after.addressee.contact_name == "会計 次郎"


def test_orders_with_the_same_contact_share_an_addressee() -> None:
    customer = make_customer()
    assert order_of(customer).addressee_id == order_of(customer).addressee_id


def test_the_policy_of_the_day_of_the_order_goes_with_it(in_tenant: Tenant) -> None:
    customer = make_customer()
    with clock.frozen(at("2026-11-01 10:00")):
        old = order_of(customer)
        set_policy(changes={"order_expiry_days": 10}, valid_from=date(2026, 11, 2))
        same_day = order_of(customer)
    with clock.frozen(at("2026-11-02 10:00")):
        new = order_of(customer)
    assert old.policy_version_id == same_day.policy_version_id != new.policy_version_id
    assert [order.last_delivery_on for order in (same_day, new)] == [date(2026, 11, 30), date(2026, 11, 11)]


def test_a_form_sent_twice_is_one_order() -> None:
    customer, submission = make_customer(), uuid4()
    first = order_of(customer, submission=submission)
    again = order_of(customer, submission=submission)
    assert again.pk == first.pk
    assert Order.objects.count() == 1
    assert AuditEntry.objects.filter(action="order_placed").count() == 1


def test_a_form_that_says_something_else_is_refused() -> None:
    customer, submission = make_customer(), uuid4()
    order_of(customer, ("DV-1Y", 1), submission=submission)
    with refused(Code.INVALID_INPUT):
        order_of(customer, ("DV-1Y", 2), submission=submission)
    with refused(Code.INVALID_INPUT):
        order_of(make_customer(), ("DV-1Y", 1), submission=submission)


def test_refused_orders_leave_nothing() -> None:
    customer = make_customer(credit_limit=32_999)
    entries = AuditEntry.objects.count()
    with refused(Code.CREDIT_LIMIT_EXCEEDED):
        order_of(customer, member=make_member(customer))
    assert not Order.objects.exists()
    assert not OrderLine.objects.exists()
    assert not Mail.objects.filter(kind="order_accepted").exists()
    assert AuditEntry.objects.count() == entries + 1  # the member


def test_products_that_cannot_be_ordered() -> None:
    create_product(sku="OLD", name="旧製品", unit_price=100, discontinued=True)
    create_product(sku="SIEM-1Y", name="統合ログ分析", unit_price=1_200_000, inquiry_required=True)
    customer = make_customer()
    with refused(Code.DISCONTINUED):
        order_of(customer, ("DV-1Y", 1), ("OLD", 1))
    with refused(Code.INQUIRY_REQUIRED):
        order_of(customer, ("SIEM-1Y", 1))
    with refused(Code.INVALID_INPUT):
        order_of(customer, ("NO-SUCH", 1))
    with refused(Code.INVALID_INPUT):
        order_of(customer, ("DV-1Y", 501))


def test_method_by_default_the_customers() -> None:
    assert order_of(make_customer()).payment_method == "later_transfer"
    with refused(Code.INSUFFICIENT_DEPOSIT):
        order_of(make_customer(pays="deposit"))
    with refused(Code.METHOD_NOT_OFFERED):
        order_of(make_customer(), payment_method="direct_debit")
    with refused(Code.LATER_PAYMENT_NOT_ALLOWED):
        order_of(make_customer(pays="card"), payment_method="later_transfer")


def _stranger(customer_of: Member) -> Member:
    return make_member(make_customer())


def test_who_may_not_order() -> None:
    customer = make_customer()
    authority = make_member(customer)
    accounting = make_member(customer, [Role.ACCOUNTING])
    left = make_member(customer, [Role.REQUESTER])
    left.is_active = False
    left.save()
    for member in (accounting, left, _stranger(authority)):
        with refused(Code.NOT_PERMITTED):
            order_of(customer, member=member)
    assert order_of(customer, member=authority).member_id == authority.pk


def test_a_company_that_has_left_cannot_order() -> None:
    customer = make_customer()
    customer.is_active = False
    customer.save()
    with refused(Code.NOT_PERMITTED):
        order_of(customer)


def test_what_the_member_wrote_is_kept() -> None:
    order = order_of(purchase_order_number=" PO-77 ", comment="至急")
    order.refresh_from_db()
    assert (order.purchase_order_number, order.comment) == ("PO-77", "至急")


def test_a_text_that_is_too_long_is_refused() -> None:
    with refused(Code.INVALID_INPUT):
        order_of(purchase_order_number="9" * 61)


def test_the_ordering_member_is_mailed() -> None:
    customer = make_customer("株式会社アクメ", contact="経理 太郎")
    member = make_member(customer)
    with clock.frozen(at("2026-11-01 10:00")):
        order = order_of(customer, ("DV-1Y", 1), ("WC-1Y", 1), member=member)
    (letter,) = letters("order_accepted")
    assert letter.recipient == member.user.email
    assert letter.subject.startswith("【株式会社 ")
    assert "ご注文を受付しました" in letter.subject
    for part in (letter.text, letter.html):
        assert order.number in part
        assert "株式会社アクメ" in part
        assert "経理 太郎" in part
        assert "2026年11月30日" in part
        assert "141,641円" in part  # 30,000 + 98,765 = 128,765; tax 12,876 (floor of 12,876.5)
        assert "12,876円" in part
    assert "<" not in letter.text


def test_an_order_an_operator_enters_for_nobody_is_not_mailed() -> None:
    place_order(
        customer=make_customer(), member=None, lines=[OrderedLine("DV-1Y", 1)], source=OrderSource.OPERATOR
    )
    assert letters("order_accepted") == []


def test_a_customer_who_reads_english_is_written_to_in_english() -> None:
    customer = make_customer("Acme & Sons")
    customer.language = "en"
    customer.save()
    with clock.frozen(at("2026-11-01 10:00")):
        order_of(customer, member=make_member(customer))
    (letter,) = letters("order_accepted")
    assert "We have accepted your order" in letter.subject
    assert "30 November 2026" in letter.text
    assert "33,000 yen" in letter.text
    assert "Acme & Sons" in letter.text
    assert "Acme &amp; Sons" in letter.html

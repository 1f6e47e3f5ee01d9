"""Steps taken and lifted, for real: late, early, twice, with two documents, halted, written off."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Customer, Tenant
from accounts.services import set_policy
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.errors import Code
from billing_project.jobs.services import run_due
from billing_project.outbox.models import Mail
from billing_project.tenancy.context import tenant_context
from invoices.models import Document
from invoices.services.closing import close_period, issue_closing
from ledger.models import CustomerBalance
from ledger.verification import verify
from orders.models import OrderLine
from orders.services import deliver
from payments.models import DunningCase, DunningStepTaken
from payments.selectors.dunning import standing_with_dunning, steps_in_force
from payments.services import receive_transfer, undo_match
from payments.services.dunning import halt_dunning, resume_dunning, take_steps, write_off
from payments.signals import dunning_changed
from tests.acts import at, letters, refused
from tests.orders.factories import order_of
from tests.payments.books import account, open_sums, standing

BLOCKED = ["no_new_orders"]


def pay(customer: Customer, amount: int, reference: str = "1") -> Any:
    return receive_transfer(
        amount=amount,
        payer_name="ｶ)ｱｸﾒ",
        received_on=clock.today(),
        reference=reference,
        customer=customer,
    )


def documents(customer: Customer) -> list[Document]:
    return list(Document.objects.filter(customer=customer).order_by("pk"))


def taken() -> list[tuple[str, date]]:
    return list(DunningStepTaken.objects.order_by("pk").values_list("step", "on"))


def test_a_run_takes_what_is_due_and_a_second_run_nothing(acme: Customer) -> None:
    assert take_steps(date(2026, 12, 10)) == 2
    assert take_steps(date(2026, 12, 10)) == 0
    assert taken() == [("reminder", date(2026, 12, 3)), ("no_new_orders", date(2026, 12, 10))]
    assert steps_in_force(acme) == BLOCKED
    assert len(letters("dunning")) == 1


def test_an_early_run_takes_nothing(acme: Customer) -> None:
    assert take_steps(date(2026, 12, 1)) == 0
    assert taken() == []
    assert DunningCase.objects.get(customer=acme).opened_on == date(2026, 12, 1)


def test_a_run_on_the_due_date_opens_no_case(acme: Customer) -> None:
    assert take_steps(date(2026, 11, 30)) == 0
    assert not DunningCase.objects.exists()


def test_steps_once_taken_are_not_taken_twice_in_the_database(acme: Customer) -> None:
    take_steps(date(2026, 12, 10))
    row = DunningStepTaken.objects.order_by("pk")[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        DunningStepTaken.objects.create(
            case=row.case,
            customer=acme,
            document_id=row.document_id,
            step=row.step,
            on=row.on,
            taken_at=clock.now(),
        )


def test_the_beat_was_away_and_catches_up(acme: Customer, tenant: Tenant) -> None:
    """Each day's own run comes, in order; nothing is taken twice and nothing left out."""
    with clock.frozen(at("2026-12-21 09:00")):
        for day in range(1, 22):
            take_steps(date(2026, 12, day))
    assert taken() == [
        ("reminder", date(2026, 12, 3)),
        ("no_new_orders", date(2026, 12, 10)),
        ("later_payment_withdrawn", date(2026, 12, 20)),
    ]
    assert len(letters("dunning")) == 3


def test_a_late_run_judges_by_what_is_open_now(acme: Customer) -> None:
    with clock.frozen(at("2026-12-15 09:00")):
        pay(acme, 33_000)
        assert take_steps(date(2026, 12, 10)) == 0
    assert steps_in_force(acme) == []


def test_payment_lifts_every_step_at_once(acme: Customer) -> None:
    heard: list[tuple[tuple[str, ...], tuple[str, ...]]] = []

    def hear(taken: tuple[str, ...], lifted: tuple[str, ...], **_: Any) -> None:
        heard.append((taken, lifted))

    dunning_changed.connect(hear)
    try:
        with clock.frozen(at("2026-12-20 09:00")):
            take_steps(date(2026, 12, 20))
            pay(acme, 32_999)
            assert steps_in_force(acme) == ["no_new_orders", "later_payment_withdrawn"]
            pay(acme, 1, "2")
            assert steps_in_force(acme) == []
    finally:
        dunning_changed.disconnect(hear)
    both = ("later_payment_withdrawn", "no_new_orders")
    assert heard == [(("no_new_orders", "later_payment_withdrawn"), ()), ((), both)]
    entry = AuditEntry.objects.get(action="dunning_steps_lifted")
    assert entry.data == {"steps": list(both)}


def test_two_documents_overdue_at_once_are_one_mail_with_the_right_total(acme: Customer) -> None:
    """Pitfall 21."""
    with clock.frozen(at("2027-01-07 00:00")):
        assert take_steps(date(2027, 1, 7)) == 4
        shown = standing_with_dunning(acme, date(2027, 1, 7))
    assert (shown.total, len(shown.overdue)) == (99_000, 2)
    (letter,) = letters("dunning")
    first, second = documents(acme)
    for text in (first.number, "33,000円", second.number, "66,000円", "合計: 99,000円"):
        assert text in letter.text
    assert "サービス制限のお知らせ" in letter.subject
    assert "未払いの証明書を失効しました" in letter.text


def test_the_mail_speaks_the_customers_language(acme: Customer) -> None:
    acme.language = "en"
    acme.save()
    take_steps(date(2026, 12, 3))
    (letter,) = letters("dunning")
    assert "お支払いのお願い" in letter.subject
    assert "Overdue in all: 33,000 yen" in letter.text
    assert "restricted" not in letter.subject
    assert "33,000 yen" in letter.html


def test_with_the_older_document_paid_the_steps_stay_until_nothing_is_overdue(acme: Customer) -> None:
    with clock.frozen(at("2027-01-06 09:00")):
        take_steps(date(2026, 12, 10))
        pay(acme, 33_000)
        assert steps_in_force(acme) == BLOCKED
        assert take_steps(date(2027, 1, 6)) == 0
        pay(acme, 66_000, "2")
        assert steps_in_force(acme) == []


def test_overdue_again_is_a_case_of_its_own(acme: Customer) -> None:
    take_steps(date(2026, 12, 10))
    with clock.frozen(at("2026-12-11 09:00")):
        pay(acme, 33_000)
    with clock.frozen(at("2027-01-07 09:00")):
        assert take_steps(date(2027, 1, 7)) == 1
    assert taken()[-1] == ("reminder", date(2027, 1, 7))
    assert DunningCase.objects.filter(closed_at=None).count() == 1


def test_a_match_undone_makes_it_overdue_again_with_the_next_run(acme: Customer) -> None:
    with clock.frozen(at("2026-12-10 09:00")):
        take_steps(date(2026, 12, 10))
        payment = pay(acme, 33_000)
        assert steps_in_force(acme) == []
        undo_match(payment=payment)
        take_steps(date(2026, 12, 11))
        assert steps_in_force(acme) == BLOCKED


def test_a_blocked_customer_cannot_order_and_can_after_paying(acme: Customer) -> None:
    take_steps(date(2026, 12, 10))
    with refused(Code.CUSTOMER_BLOCKED):
        order_of(acme)
    pay(acme, 33_000)
    assert order_of(acme).state == "open"


def test_revocation_shows_on_the_unpaid_lines_alone_and_stays(acme: Customer) -> None:
    with clock.frozen(at("2026-12-29 12:00")):
        paid_later = order_of(acme, ("WC-1Y", 1))
        deliver(order=paid_later)
    with clock.frozen(at("2026-12-30 00:00")):
        take_steps(date(2026, 12, 30))
        revoked = OrderLine.objects.exclude(revoked_at=None)
        assert [line.sku for line in revoked] == ["DV-1Y"]
        assert revoked[0].state == "delivered"
        entry = AuditEntry.objects.get(action="certificates_revoked")
        assert entry.data == {"lines": [1]}
        pay(acme, 33_000)
        assert steps_in_force(acme) == ["revoked"]
        assert OrderLine.objects.exclude(revoked_at=None).count() == 1


def test_a_halted_document_is_not_overdue_and_its_days_do_not_count(acme: Customer) -> None:
    first = documents(acme)[0]
    take_steps(date(2026, 12, 10))
    with clock.frozen(at("2026-12-11 09:00")):
        halt_dunning(document=first, reason="数量の確認中")
        assert steps_in_force(acme) == []
        assert halt_dunning(document=first, reason="もう一度").reason == "数量の確認中"
    with clock.frozen(at("2026-12-30 09:00")):
        assert take_steps(date(2026, 12, 30)) == 0
        resume_dunning(document=first)
        resume_dunning(document=first)
        # Ten days had counted (12-01 to 12-10); the halted ones are 12-11 to 12-29.
        take_steps(date(2026, 12, 30))
        assert steps_in_force(acme) == BLOCKED
        coming = standing_with_dunning(acme, date(2026, 12, 30)).next
    assert coming is not None
    assert (coming.step, coming.on) == ("later_payment_withdrawn", date(2027, 1, 8))
    assert AuditEntry.objects.filter(action__in=["dunning_halted", "dunning_resumed"]).count() == 2


def test_what_is_paid_or_has_no_reason_is_not_halted(acme: Customer) -> None:
    first = documents(acme)[0]
    with refused(Code.INVALID_INPUT):
        halt_dunning(document=first, reason=" ")
    pay(acme, 33_000)
    with refused(Code.ALREADY_PAID):
        halt_dunning(document=first, reason="異議")


def test_a_write_off_books_bad_debt_and_tax_and_lifts(acme: Customer) -> None:
    take_steps(date(2026, 12, 10))
    write_off(document=documents(acme)[0], reason="倒産")
    assert (account("bad_debt"), standing(acme)) == (30_000, (66_000, 0))
    assert account("tax_payable") == -6_000
    assert open_sums() == [0, 66_000]
    assert steps_in_force(acme) == []
    assert list(verify()) == []
    with refused(Code.ALREADY_PAID):
        write_off(document=documents(acme)[0], reason="倒産")


def test_what_was_paid_in_part_is_written_off_in_part(acme: Customer) -> None:
    pay(acme, 11_000)
    write_off(document=documents(acme)[0], reason="倒産")
    assert (account("bad_debt"), account("tax_payable")) == (20_000, -7_000)
    assert list(verify()) == []


def test_money_that_comes_after_all_reverses_the_write_off(acme: Customer) -> None:
    write_off(document=documents(acme)[0], reason="倒産")
    pay(acme, 66_000)
    assert (account("bad_debt"), standing(acme)) == (30_000, (0, 0))
    pay(acme, 10_001, "2")
    # 10,001 of 33,000: 909 of its tax, down to the yen.
    assert (account("bad_debt"), account("tax_payable")) == (20_908, -6_909)
    pay(acme, 30_000, "3")
    assert (account("bad_debt"), account("tax_payable")) == (0, -9_000)
    assert standing(acme) == (0, 7_001)
    assert open_sums() == [0, 0]
    assert list(verify()) == []


def test_the_policy_of_the_closing_day_holds(tenant: Tenant, acme: Customer) -> None:
    """X10: later versions do not change the steps of what was closed before."""
    set_policy(changes={"dunning": "1 no_new_orders"}, valid_from=date(2026, 12, 10))
    assert take_steps(date(2026, 12, 2)) == 0
    with clock.frozen(at("2026-12-11 10:00")):
        pay(acme, 99_000)
        deliver(order=order_of(acme))
    with clock.frozen(at("2027-01-01 07:00")):
        issue_closing(closing=close_period(closes_on=date(2026, 12, 31)))
    with clock.frozen(at("2027-02-02 00:00")):
        assert take_steps(date(2027, 2, 2)) == 1  # due on 02-01
        assert steps_in_force(acme) == BLOCKED


def test_the_calendar_runs_it_at_midnight(tenant: Tenant) -> None:
    with tenant_context(tenant), clock.frozen(at("2026-10-05 10:00")):
        from tests.factories import make_customer

        customer = make_customer()
        deliver(order=order_of(customer))
    with clock.frozen(at("2026-12-10 00:00")):
        failed = [job for job in run_due(tenant.pk) if job.error]
    assert failed == []
    with tenant_context(tenant):
        assert steps_in_force(customer) == BLOCKED
        assert [mail.data["steps"] for mail in Mail.objects.filter(kind="dunning").order_by("pk")] == [
            ["reminder"],
            BLOCKED,
        ]
        assert CustomerBalance.objects.get(customer=customer).receivable == 33_000

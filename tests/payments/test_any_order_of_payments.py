"""Files, matches, undoings and money sent back in any order: the books are right after each step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date

from django.db.models import Sum
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from billing_project import clock
from billing_project.errors import Refusal
from billing_project.tenancy.context import tenant_context
from invoices.models import Document, OpenItem
from invoices.services.closing import close_period, issue_closing
from ledger.models import Account, CustomerBalance, Line
from ledger.verification import verify
from orders.services import deliver
from payments.models import Match, Payment, PaymentState
from payments.services import Part, import_bank_file, match_by_hand, send_back, undo_match
from tests.acts import at
from tests.factories import make_customer
from tests.orders.factories import make_shop, order_of
from tests.payments.files import incoming

NOON = at("2026-12-10 12:00")
NAMES = ("ｶ)ｱｸﾒ", "ｶ)ｷﾀ", "ﾀﾞﾚｶ")
SUMS = (440, 33_000, 32_560, 66_000, 99_000, 100_000)


class Desk(RuleBasedStateMachine):
    """Two customers who owe 99,000 each, and a tolerance of 500 yen."""

    @initialize()
    def open_shop(self) -> None:
        self.tenant = make_shop(short_transfer_tolerance=500)
        with clock.frozen(NOON), tenant_context(self.tenant):
            self.customers = [make_customer(name, payer_name=name) for name in NAMES[:2]]
            for day, count, closes_on in (
                ("2026-10-05", 1, date(2026, 10, 31)),
                ("2026-11-05", 2, date(2026, 11, 30)),
            ):
                with clock.frozen(at(f"{day} 10:00")):
                    for customer in self.customers:
                        deliver(order=order_of(customer, ("DV-1Y", count)))
                issue_closing(closing=close_period(closes_on=closes_on))

    @contextmanager
    def today(self) -> Iterator[None]:
        with clock.frozen(NOON), tenant_context(self.tenant):
            yield

    def a_payment(self, which: int) -> Payment | None:
        found = list(Payment.objects.order_by("pk"))
        return found[which % len(found)] if found else None

    @rule(rows=st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(SUMS)), max_size=4))
    def import_file(self, rows: list[tuple[str, int]]) -> None:
        with self.today():
            import_bank_file(content=incoming(*rows))

    @rule(which=st.integers(0, 9), customer=st.integers(0, 1))
    def match(self, which: int, customer: int) -> None:
        with self.today(), suppress(Refusal):
            if payment := self.a_payment(which):
                match_by_hand(payment=payment, customer=self.customers[customer])

    @rule(which=st.integers(0, 9), share=st.integers(1, 400))
    def split(self, which: int, share: int) -> None:
        with self.today(), suppress(Refusal):
            if payment := self.a_payment(which):
                first, second = self.customers
                match_by_hand(
                    payment=payment, parts=[Part(first, share), Part(second, payment.amount - share)]
                )

    @rule(which=st.integers(0, 9))
    def undo(self, which: int) -> None:
        with self.today(), suppress(Refusal):
            if payment := self.a_payment(which):
                undo_match(payment=payment)

    @rule(which=st.integers(0, 9))
    def send(self, which: int) -> None:
        with self.today(), suppress(Refusal):
            if payment := self.a_payment(which):
                send_back(payment=payment)

    @precondition(lambda self: hasattr(self, "customers"))
    @invariant()
    def no_yen_is_made_or_lost(self) -> None:
        with self.today():
            assert verify() == []
            kept = Payment.objects.exclude(state=PaymentState.SENT_BACK)
            assert _booked(Account.BANK) == (kept.aggregate(sum=Sum("amount"))["sum"] or 0)
            live = Match.objects.filter(undone_at=None).aggregate(paid=Sum("amount"), fees=Sum("written_off"))
            standing = CustomerBalance.objects.aggregate(owed=Sum("receivable"), held=Sum("deposit"))
            billed = Document.objects.aggregate(sum=Sum("total"))["sum"]
            assert standing["owed"] - standing["held"] == billed - (live["paid"] or 0) - (live["fees"] or 0)
            assert standing["owed"] == OpenItem.objects.aggregate(sum=Sum("open_amount"))["sum"]
            assert _booked(Account.TRANSFER_FEES) == (live["fees"] or 0)


def _booked(account: Account) -> int:
    return Line.objects.filter(account=account).aggregate(sum=Sum("amount"))["sum"] or 0


TestDesk = Desk.TestCase
TestDesk.settings = settings(max_examples=8, stateful_step_count=15, deadline=None)

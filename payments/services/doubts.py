"""Entries that another kind of file or a person may have told already: compared, settled by a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from payments.bank_files.incoming import Incoming
from payments.models import BankFile, Match, Payment, PaymentState
from payments.rules import Likeness, Told, likeness
from payments.selectors import payer_index
from payments.services.booking import Claim, book_arrivals, settle
from payments.services.matching import lock_payment

_Key = tuple[date, int]
_NOT_BOOKED = (PaymentState.DOUBTFUL, PaymentState.KNOWN)
_BOOKED = (PaymentState.SUCCEEDED, PaymentState.UNMATCHED, PaymentState.SENT_BACK)


class EarlierTold:
    """Payments that an import may tell again: of other kinds of files on its accounts, and entered by hand.

    Each is the same as at most one entry of a kind of file.
    """

    def __init__(self, kind: str, transfers: Sequence[Incoming]) -> None:
        self._by_key: dict[_Key, list[Payment]] = defaultdict(list)
        if transfers:
            for payment in _candidates(kind, transfers):
                self._by_key[payment.received_on, payment.amount].append(payment)

    def like(self, told: Incoming) -> tuple[Likeness, Payment | None]:
        """The payment most like this entry, and how much; one that is the same is not given again."""
        others = self._by_key.get((told.booked_on, told.amount), [])
        judged = [(_compare(told, each), each) for each in others if each.account in ("", told.account)]
        found, payment = max(judged, key=lambda pair: pair[0], default=(Likeness.OTHER, None))
        if payment is None or found == Likeness.OTHER:
            return Likeness.OTHER, None
        others.remove(payment)
        return found, payment


def _candidates(kind: str, transfers: Sequence[Incoming]) -> list[Payment]:
    days = [each.booked_on for each in transfers]
    told_so = Payment.objects.filter(bank_file__kind=kind, perhaps_same_as__isnull=False)
    in_files = Q(account__in={each.account for each in transfers}) & ~Q(bank_file__kind=kind)
    found = Payment.objects.filter(in_files | Q(bank_file=None), state__in=_BOOKED)
    found = found.filter(received_on__range=(min(days), max(days)))
    return list(found.exclude(pk__in=told_so.values("perhaps_same_as")).order_by("pk"))


def _compare(told: Incoming, payment: Payment) -> Likeness:
    """What a person entered is never certain to be the same: it has no account and no number of the bank."""
    found = likeness(Told(told.payer, told.reference), Told(payment.payer_name, payment.bank_number))
    if payment.bank_file_id is not None:
        return found
    return Likeness.PERHAPS if found == Likeness.SAME else Likeness.OTHER


@transaction.atomic
def settle_doubt(*, payment: Payment, is_same: bool) -> Payment:
    """A person has said whether a doubtful entry is the payment it resembles; if not, it is booked now.

    Said again, nothing happens. Raises Refusal `already_decided` when it was settled the other way.
    """
    locked = lock_payment(payment)
    if locked.state != PaymentState.DOUBTFUL:
        if locked.perhaps_same_as_id is None or is_same != (locked.state == PaymentState.KNOWN):
            raise Refusal(Code.ALREADY_DECIDED, _("This transfer is not in doubt any more."))
        return locked
    if is_same:
        locked.state = PaymentState.KNOWN
        locked.save(update_fields=["state"])
    else:
        _book(locked)
    record("doubt_settled", locked, same=is_same, other=locked.perhaps_same_as_id)
    return locked


@transaction.atomic
def settle_doubts_of(*, file: BankFile) -> int:
    """All doubtful entries of a file are known already; gives how many."""
    doubtful = Payment.objects.filter(bank_file=file, state=PaymentState.DOUBTFUL).order_by("pk")
    payments = [settle_doubt(payment=payment, is_same=True) for payment in doubtful]
    return len(payments)


def _book(payment: Payment) -> list[Match]:
    fitting = payer_index().find(payment.payer_name, payer_code=payment.payer_code)
    customer_id = fitting.pop() if len(fitting) == 1 else None
    payment.state = PaymentState.SUCCEEDED if customer_id else PaymentState.UNMATCHED
    payment.customer_id = customer_id
    payment.save(update_fields=["state", "customer"])
    claims = [Claim(payment, customer_id, payment.amount)] if customer_id else []
    return book_arrivals([payment], settle(claims))

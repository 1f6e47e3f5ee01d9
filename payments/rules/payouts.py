"""When and to whom free deposit is paid out (A15)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from billing_project.errors import Code, InvalidValue, Refusal
from payments.bank_files.incoming import NAME_LENGTH
from payments.bank_files.kana import bank_kana, printed_name
from payments.bank_files.legal_forms import bare_name, without_numbers
from payments.models.payouts import HOLDER_LENGTH, AccountKind

_CODES = (
    ("bank_code", re.compile(r"[0-9]{4}"), _("A bank code has four digits.")),
    ("branch_code", re.compile(r"[0-9]{3}"), _("A branch code has three digits.")),
    ("account_kind", re.compile("|".join(AccountKind.values)), _("Choose the kind of account.")),
    ("account_number", re.compile(r"[0-9]{7}"), _("An account number has seven digits.")),
)


@dataclass(frozen=True, slots=True)
class Destination:
    """The account to which a pay-out goes; the holder's name in any spelling of kana."""

    bank_code: str
    branch_code: str
    account_kind: str
    account_number: str
    holder_kana: str


def check_codes(account: Destination) -> None:
    """Raises Refusal `invalid_input` with the problem of each field whose digits cannot be."""
    problems = [
        {"field": field, "message": str(text)}
        for field, pattern, text in _CODES
        if not pattern.fullmatch(getattr(account, field))
    ]
    if problems:
        raise Refusal(Code.INVALID_INPUT, problems=problems)


def check_payout(*, amount: int, free: int, fee: int, holder: str, payers: Iterable[str]) -> None:
    """Judges a request in yen; `payers` are the names under which the customer's money has come.

    Raises Refusal `invalid_amount`, `insufficient_deposit`, `refund_name_mismatch` or `payout_too_small`.
    """
    if amount <= 0:
        raise InvalidValue(Code.INVALID_AMOUNT)
    if amount > free:
        raise Refusal(
            Code.INSUFFICIENT_DEPOSIT,
            _("The free deposit is %(free)s yen. Please ask for no more than that."),
            free=free,
        )
    if not any(is_same_name(holder, payer) for payer in payers):
        raise Refusal(Code.REFUND_NAME_MISMATCH)
    if amount <= fee:
        raise Refusal(
            Code.PAYOUT_TOO_SMALL,
            _("The bank's fee is %(fee)s yen, so nothing would be left. Please ask for a larger sum."),
            fee=fee,
        )


def can_be_paid_out(*, free: int, fee: int, payers: Sequence[str]) -> bool:
    """Whether any request, in yen, could pass `check_payout`."""
    return free > fee and bool(payers)


def is_same_name(holder: str, payer: str) -> bool:
    """Whether an account's holder is the payer, legal form, blanks and a number beside the name left out.

    A payer's name that the bank has cut fits every holder that begins so, as far as it goes.
    """
    sent_by, held_by = bare_name(without_numbers(payer)), bare_name(holder)
    if not sent_by or not held_by:
        return False
    is_cut = len(printed_name(payer)) >= NAME_LENGTH
    return sent_by == held_by or (is_cut and held_by.startswith(sent_by))


def holder_for_file(name: str) -> str:
    """The name as a transfer file holds it. Raises Refusal `invalid_input` for what it cannot hold."""
    written = bank_kana(name)
    if not written or len(written) > HOLDER_LENGTH:
        raise InvalidValue(
            Code.INVALID_INPUT,
            _("Enter the account holder in kana, at most %(most)s characters."),
            most=HOLDER_LENGTH,
        )
    return written

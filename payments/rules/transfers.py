"""What a transfer must be before it is booked."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from billing_project.errors import Code, InvalidValue, Refusal
from billing_project.money import MAX_YEN
from payments.bank_files.kana import printed_name

MAX_NAME = 100
MAX_REFERENCE = 120


def check_transfer(*, amount: int, payer_name: str, received_on: date, reference: str, today: date) -> None:
    """Raises Refusal `invalid_amount`, `invalid_date` or `invalid_input` for a transfer that cannot be."""
    if not 1 <= amount <= MAX_YEN:
        raise InvalidValue(Code.INVALID_AMOUNT, _("A transfer is from 1 to 999,999,999,999 yen."))
    if received_on > today:
        raise InvalidValue(Code.INVALID_DATE, _("A transfer cannot have arrived in the future."))
    check_payer_name(payer_name)
    if not reference.strip() or len(reference) > MAX_REFERENCE or "\0" in payer_name + reference:
        raise InvalidValue(Code.INVALID_INPUT, _("Enter the bank's reference of the transfer."))


def check_payer_name(name: str) -> str:
    """The name as the bank prints it. Raises Refusal `invalid_input` for one that is empty or too long."""
    printed = printed_name(name)
    if not printed or len(printed) > MAX_NAME:
        raise InvalidValue(Code.INVALID_INPUT, _("Enter the payer's name as the bank prints it."))
    return printed


def check_same_transfer(*, same: bool, reference: str) -> None:
    """Raises Refusal `invalid_input` when a reference that was booked comes again with other content."""
    if not same:
        raise Refusal(
            Code.INVALID_INPUT,
            _("The reference %(reference)s has been booked with another amount, payer or date."),
            reference=reference,
        )

"""The names and numbers by which customers are known as payers."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, InvalidValue, Refusal
from payments import rules
from payments.models import PayerName, VirtualAccount

_NUMBER = re.compile(r"[0-9]{7,10}")


@transaction.atomic
def add_payer_name(*, customer: Customer, name: str) -> PayerName:
    """From now on transfers by this name are the customer's, unless it is another's name as well.

    Raises Refusal `invalid_input` for a name that is empty or too long.
    """
    return _add(customer, rules.check_payer_name(name), {})


def learn_payer_name(*, customer: Customer, name: str) -> None:
    """The same for the payer of a transfer that was matched by hand; one without a name teaches nothing."""
    if printed := rules.printed_name(name):
        _add(customer, printed, {"learned": True, "learned_at": clock.now()})


def forget_payer_name(*, customer_id: int, name: str) -> None:
    """What was learned from matches by hand; a name that a person entered stays."""
    PayerName.objects.filter(customer_id=customer_id, name=rules.printed_name(name), learned=True).delete()


@transaction.atomic
def set_virtual_account(*, customer: Customer, number: str) -> VirtualAccount:
    """Transfers to this number (7 to 10 digits) are the customer's.

    Raises Refusal `invalid_input` for anything else, and for the number of another customer.
    """
    if not _NUMBER.fullmatch(number):
        raise InvalidValue(Code.INVALID_INPUT, _("A virtual account has 7 to 10 digits."))
    account: VirtualAccount
    account, is_new = VirtualAccount.objects.get_or_create(number=number, defaults={"customer": customer})
    if account.customer_id != customer.pk:
        raise Refusal(Code.INVALID_INPUT, _("This virtual account is another customer's."))
    if is_new:
        record("virtual_account_added", customer, number=number)
    return account


def _add(customer: Customer, printed: str, learned: dict[str, object]) -> PayerName:
    known: PayerName
    known, is_new = PayerName.objects.get_or_create(customer=customer, name=printed, defaults=learned)
    if is_new:
        record("payer_name_added", customer, name=printed, learned=bool(learned))
    return known

"""A customer leaves, and its deposit is paid out (X11)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from accounts.selectors import policy_on
from accounts.services import deactivate_customer
from billing_project import clock
from billing_project.errors import Code, Refusal
from billing_project.tenancy.lookup import current_tenant
from ledger.reservations import free
from ledger.services import lock_balance
from payments.models import Payout
from payments.rules import Destination
from payments.services.deposits import apply_deposit
from payments.services.payouts import request_payout


@transaction.atomic
def let_customer_leave(*, customer: Customer, account: Destination | None = None) -> Payout | None:
    """Its members lose access at once; free deposit pays what is open, and the rest is paid out to `account`.

    A rest that does not exceed the fee cannot be paid out and stays. Raises Refusal `invalid_input` while
    deposit is reserved, and when there is something to pay out but no account; or as `request_payout` does.
    """
    policy = policy_on(clock.today(current_tenant().zone))
    if policy.apply_deposit:
        apply_deposit(customer=customer)
    balance = lock_balance(customer.pk)
    if balance.reserved:
        raise Refusal(
            Code.INVALID_INPUT,
            _("%(amount)s yen of deposit are reserved. Deliver or cancel the open orders first."),
            amount=balance.reserved,
        )
    payout = None
    if (left := free(balance)) > policy.payout_fee:
        payout = _pay_out(customer, left, account)
    deactivate_customer(customer=customer)
    return payout


def _pay_out(customer: Customer, amount: int, account: Destination | None) -> Payout:
    if account is None:
        raise Refusal(
            Code.INVALID_INPUT,
            _("%(amount)s yen of deposit are held. Enter the account to which they are paid out."),
            amount=amount,
        )
    return request_payout(customer=customer, amount=amount, account=account)

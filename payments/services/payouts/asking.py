"""A customer asks for its free deposit, and may take that back until it is in a bank file."""

from __future__ import annotations

from dataclasses import asdict, replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Member
from accounts.policy.periods import payout_day
from accounts.rules import Right, may
from accounts.selectors import as_it_stands, policy_on
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.tenancy.lookup import current_tenant
from ledger.models import Account, Reason
from ledger.reservations import free
from ledger.services import Posting, lock_balance, post
from payments import rules
from payments.mails import PAYOUT_ASKED, PAYOUT_WITHDRAWN, tell_of_payout
from payments.models import Payout, PayoutAccount, PayoutState
from payments.selectors.payouts import payers_of
from payments.signals import payment_received


@transaction.atomic
def request_payout(
    *,
    customer: Customer,
    amount: int,
    account: rules.Destination,
    submission: UUID | None = None,
    member: Member | None = None,
) -> Payout:
    """Takes `amount` yen of free deposit out, less the policy's fee, on the pay-out day of the request (A15).

    The account is remembered. The same `submission` again gives the pay-out it made. `member` is who asks;
    None is an operator.

    Raises Refusal `not_permitted`, `invalid_input`, `invalid_amount`, `insufficient_deposit`,
    `refund_name_mismatch` or `payout_too_small`.
    """
    balance = lock_balance(customer.pk)
    _check_asker(customer, as_it_stands(member))
    rules.check_codes(account)
    known: Payout | None = Payout.objects.filter(submission=submission, customer=customer).first()
    if submission and known:
        return _again(known, amount, account)
    today = clock.today(current_tenant().zone)
    policy = policy_on(today)
    rules.check_payout(
        amount=amount,
        free=free(balance),
        fee=policy.payout_fee,
        holder=account.holder_kana,
        payers=payers_of(customer),
    )
    written = replace(account, holder_kana=rules.holder_for_file(account.holder_kana))
    payout: Payout = Payout.objects.create(
        customer=customer,
        amount=amount,
        fee=policy.payout_fee,
        asked_at=clock.now(),
        pay_on=payout_day(policy, today),
        submission=submission,
        **asdict(written),
    )
    PayoutAccount.objects.update_or_create(customer=customer, defaults=asdict(written))
    _book(payout, Reason.PAYOUT_ASKED, sign=1)
    record("payout_asked", payout, amount=amount, fee=payout.fee, pay_on=str(payout.pay_on))
    tell_of_payout(PAYOUT_ASKED, payout)
    return payout


def _check_asker(customer: Customer, member: Member | None) -> None:
    if member is None:
        return
    belongs = member.customer_id == customer.pk and member.is_active
    if not belongs or not may(member.roles, Right.ASK_FOR_PAYOUT):
        raise Refusal(Code.NOT_PERMITTED)


def _again(known: Payout, amount: int, account: rules.Destination) -> Payout:
    """What was changed before the form was sent again must not pass for carried out."""
    if (known.amount, known.account_number) != (amount, account.account_number):
        text = _("This form had been sent already and was carried out once. For another, open the form anew.")
        raise Refusal(Code.INVALID_INPUT, text)
    return known


@transaction.atomic
def withdraw_payout(*, payout: Payout, reason: str = "") -> Payout:
    """The whole sum is free deposit again; withdrawn already, nothing happens.

    Raises Refusal `already_paid` for one that a bank file carries or has carried.
    """
    locked = lock_payout(payout)
    if locked.state == PayoutState.WITHDRAWN:
        return locked
    if locked.state != PayoutState.ASKED:
        raise Refusal(
            Code.ALREADY_PAID, _("This pay-out is in a bank file already and can no longer be withdrawn.")
        )
    locked.state, locked.ended_at, locked.reason = PayoutState.WITHDRAWN, clock.now(), reason
    locked.save(update_fields=["state", "ended_at", "reason"])
    _book(locked, Reason.PAYOUT_WITHDRAWN, sign=-1)
    record("payout_withdrawn", locked, amount=locked.amount, reason=reason)
    tell_of_payout(PAYOUT_WITHDRAWN, locked)
    payment_received.send(Payout, customer_ids=[locked.customer_id])
    return locked


def lock_payout(payout: Payout) -> Payout:
    locked: Payout = Payout.objects.select_for_update().get(pk=payout.pk)
    return locked


def _book(payout: Payout, reason: Reason, *, sign: int) -> None:
    post(
        booked_on=clock.today(current_tenant().zone),
        reason=reason,
        source_id=payout.pk,
        memo=payout.holder_kana,
        postings=[
            Posting(Account.DEPOSIT, sign * payout.amount, payout.customer_id),
            Posting(Account.PAYOUT_PAYABLE, -sign * payout.net, payout.customer_id),
            Posting(Account.TRANSFER_FEES, -sign * payout.fee),
        ],
    )

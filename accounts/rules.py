"""What a member may do, by role (S3)."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from accounts.models import Role
from accounts.policy import BillingPolicy


class Right(StrEnum):
    ORDER = "order"
    SEE_ALL_ORDERS = "see_all_orders"
    CANCEL_OWN = "cancel_own"
    CANCEL_ALL = "cancel_all"
    SEE_OWN_DOCUMENTS = "see_own_documents"
    SEE_ALL_DOCUMENTS = "see_all_documents"
    ASK_FOR_PAYOUT = "ask_for_payout"
    CHANGE_CONTACT = "change_contact"
    ADMINISTER = "administer"


_BUYER = {Right.ORDER, Right.CANCEL_OWN, Right.SEE_OWN_DOCUMENTS}
_APPROVER = _BUYER | {Right.SEE_ALL_ORDERS, Right.SEE_ALL_DOCUMENTS}

RIGHTS: dict[str, set[Right]] = {
    Role.REQUESTER: _BUYER,
    Role.FIRST_APPROVER: _APPROVER,
    Role.SECOND_APPROVER: _APPROVER,
    Role.AUTHORITY: set(Right),
    Role.ACCOUNTING: {
        Right.SEE_ALL_ORDERS,
        Right.SEE_OWN_DOCUMENTS,
        Right.SEE_ALL_DOCUMENTS,
        Right.ASK_FOR_PAYOUT,
        Right.CHANGE_CONTACT,
    },
}


def may(roles: Collection[str], right: Right) -> bool:
    """Whether a member with these roles has the right; several roles add up."""
    return any(right in RIGHTS[role] for role in roles)


def rights_of(roles: Collection[str]) -> frozenset[Right]:
    return frozenset(right for right in Right if may(roles, right))


def offered_roles(policy: BillingPolicy) -> list[Role]:
    """The roles a member can be given: approvers only where orders are approved (S3)."""
    approvers = {Role.FIRST_APPROVER, Role.SECOND_APPROVER}
    return [role for role in Role if policy.approval or role not in approvers]

"""What a member may do, by role (S3)."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from accounts.models import Role


class Right(StrEnum):
    ORDER = "order"
    SEE_ALL_ORDERS = "see_all_orders"
    CANCEL_OWN = "cancel_own"
    CANCEL_ALL = "cancel_all"
    SEE_OWN_DOCUMENTS = "see_own_documents"
    SEE_ALL_DOCUMENTS = "see_all_documents"
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
        Right.CHANGE_CONTACT,
    },
}


def may(roles: Collection[str], right: Right) -> bool:
    """Whether a member with these roles has the right; several roles add up."""
    return any(right in RIGHTS[role] for role in roles)

"""Questions about who is who, asked in the tenant's context."""

from __future__ import annotations

from accounts.models import Member, Operator, User


def member_of(user: User) -> Member | None:
    """The active member that this user is at this tenant."""
    member: Member | None = (
        Member.objects.filter(user_id=user.pk, is_active=True).select_related("customer").first()
    )
    return member


def operator_of(user: User) -> Operator | None:
    operator: Operator | None = Operator.objects.filter(user_id=user.pk, is_active=True).first()
    return operator

"""Members of customers and operators of the tenant: people who sign in, and what they may do (S3)."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Member, Operator, OperatorRole, Role, User
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.outbox.services import enqueue


@transaction.atomic
def add_member(
    *, customer: Customer, user: User, name: str = "", roles: Collection[str] | None = None
) -> Member:
    """Makes the user a member; the first member of a customer has authority.

    Raises Refusal `invalid_input` when the user is a member of this or another customer already.
    """
    Customer.objects.select_for_update().get(pk=customer.pk)
    if Member.objects.filter(user_id=user.pk, is_active=True).exists():
        raise Refusal(
            Code.INVALID_INPUT, _("%(email)s is a member of a company here already."), email=user.email
        )
    first = not Member.objects.filter(customer=customer, is_active=True).exists()
    chosen = _valid_roles(roles or ([Role.AUTHORITY] if first else [Role.REQUESTER]))
    member: Member
    member, _created = Member.objects.update_or_create(
        customer=customer,
        user_id=user.pk,
        defaults={"name": name or str(user), "roles": chosen, "is_active": True},
        create_defaults={
            "name": name or str(user),
            "roles": chosen,
            "is_active": True,
            "created_at": clock.now(),
        },
    )
    record("member_added", member, customer=customer.code, roles=chosen)
    return member


@transaction.atomic
def invite_member(*, customer: Customer, email: str, name: str, roles: Collection[str]) -> Member:
    """Adds a member by mail address; who has no password yet is mailed a link to set one."""
    address = User.objects.normalize_email(email).lower()
    user = User.objects.filter(email=address).first() or User.objects.create_user(address, name=name)
    member = add_member(customer=customer, user=user, name=name, roles=roles)
    _mail_invitation(member)
    return member


@transaction.atomic
def invite_again(*, member: Member) -> None:
    """Mails a new link to a member who has not set a password yet; the earlier link stays valid (S2).

    Raises Refusal `invalid_input` for a member who can sign in already.
    """
    if member.user.has_usable_password():
        raise Refusal(Code.INVALID_INPUT, _("%(name)s can sign in already."), name=member.name)
    _mail_invitation(member)
    record("member_invited_again", member)


def _mail_invitation(member: Member) -> None:
    moment = clock.now().isoformat()
    enqueue(occasion=f"invitation:{member.pk}:{moment}", kind="member_invited", reference=member.pk)


@transaction.atomic
def change_roles(*, member: Member, roles: Collection[str]) -> Member:
    """Raises Refusal `not_permitted` when the customer would be left without an administrator."""
    locked = _lock(member)
    chosen = _valid_roles(roles)
    if Role.AUTHORITY not in chosen:
        _keep_an_administrator(locked)
    before, locked.roles = locked.roles, chosen
    locked.save(update_fields=["roles"])
    record("member_roles_changed", locked, before=before, after=chosen)
    return locked


@transaction.atomic
def remove_member(*, member: Member) -> Member:
    """The member loses access at once; the customer's documents stay (S15)."""
    locked = _lock(member)
    _keep_an_administrator(locked)
    locked.is_active = False
    locked.save(update_fields=["is_active"])
    record("member_removed", locked)
    return locked


@transaction.atomic
def add_operator(*, user: User, role: str = OperatorRole.ADMIN) -> Operator:
    operator: Operator
    operator, _created = Operator.objects.update_or_create(
        user_id=user.pk, defaults={"role": role, "is_active": True}
    )
    record("operator_added", operator, role=role)
    return operator


def _lock(member: Member) -> Member:
    Customer.objects.select_for_update().get(pk=member.customer_id)
    locked: Member = Member.objects.get(pk=member.pk)
    return locked


def _keep_an_administrator(member: Member) -> None:
    others = Member.objects.filter(
        customer_id=member.customer_id, is_active=True, roles__contains=[Role.AUTHORITY]
    ).exclude(pk=member.pk)
    if Role.AUTHORITY in member.roles and not others.exists():
        raise Refusal(
            Code.NOT_PERMITTED,
            _("The last holder of ordering authority must stay. Give the role to another member first."),
        )


def _valid_roles(roles: Collection[str]) -> list[str]:
    unknown = set(roles) - set(Role.values)
    if unknown or not roles:
        raise Refusal(Code.INVALID_INPUT, _("Choose at least one role."))
    return [role for role in Role.values if role in roles]

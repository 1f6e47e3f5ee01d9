"""Who works for the tenant in the admin."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Issuer, Operator, OperatorRole, User
from accounts.services.members import add_operator
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal


@transaction.atomic
def add_operator_by_mail(*, email: str, name: str, role: str) -> Operator:
    """Makes the person of that mail address an operator; who is new sets a password by “forgot password”.

    Raises Refusal `invalid_input` for an unknown role, or who is an operator already.
    """
    _check_role(role)
    address = User.objects.normalize_email(email).lower()
    user = User.objects.filter(email=address).first() or User.objects.create_user(address, name=name)
    if Operator.objects.filter(user_id=user.pk, is_active=True).exists():
        raise Refusal(Code.INVALID_INPUT, _("%(email)s is an operator already."), email=address)
    return add_operator(user=user, role=role)


@transaction.atomic
def change_operator_role(*, operator: Operator, role: str) -> Operator:
    """Raises Refusal `not_permitted` when no administrator would be left, `invalid_input`."""
    _check_role(role)
    locked = _lock(operator)
    if role != OperatorRole.ADMIN:
        _keep_an_administrator(locked)
    before, locked.role = locked.role, role
    locked.save(update_fields=["role"])
    record("operator_role_changed", locked, before=before, after=role)
    return locked


@transaction.atomic
def deactivate_operator(*, operator: Operator) -> Operator:
    """The person loses access at once. Raises Refusal `not_permitted` for the last administrator."""
    locked = _lock(operator)
    _keep_an_administrator(locked)
    locked.is_active = False
    locked.save(update_fields=["is_active"])
    record("operator_deactivated", locked)
    return locked


def _lock(operator: Operator) -> Operator:
    # The issuer's row is the tenant's: of two that leave at once the second sees the first gone.
    Issuer.objects.select_for_update().get()
    locked: Operator = Operator.objects.get(pk=operator.pk)
    return locked


def _keep_an_administrator(operator: Operator) -> None:
    others = Operator.objects.filter(role=OperatorRole.ADMIN, is_active=True).exclude(pk=operator.pk)
    if operator.is_active and operator.role == OperatorRole.ADMIN and not others.exists():
        raise Refusal(
            Code.NOT_PERMITTED,
            _("The last administrator must stay. Make another operator an administrator first."),
        )


def _check_role(role: str) -> None:
    if role not in OperatorRole.values:
        raise Refusal(Code.INVALID_INPUT, _("Choose a role."))

"""What documents say about the seller, from the next document on; those issued keep their own copy."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import BankAccount, Issuer
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal


@transaction.atomic
def change_issuer(**fields: Any) -> Issuer:
    """Changes fields of the issuer. Raises Refusal `invalid_input` with the problems per field."""
    issuer: Issuer = Issuer.objects.select_for_update().get()
    changed = _write(issuer, fields)
    if changed:
        record("issuer_changed", issuer, changed=changed)
    return issuer


@transaction.atomic
def add_bank_account(**fields: Any) -> BankAccount:
    """An account to which customers transfer. Raises Refusal `invalid_input` with the problems per field."""
    account = BankAccount()
    _write(account, fields)
    record("bank_account_added", account)
    return account


@transaction.atomic
def change_bank_account(*, account: BankAccount, **fields: Any) -> BankAccount:
    """Raises Refusal `invalid_input` with the problems per field."""
    locked: BankAccount = BankAccount.objects.select_for_update().get(pk=account.pk)
    changed = _write(locked, fields)
    if changed:
        record("bank_account_changed", locked, changed=changed)
    return locked


def _write(row: Any, fields: dict[str, Any]) -> dict[str, list[Any]]:
    """Sets and saves the fields; gives those that changed, with their old and new values."""
    before = {name: getattr(row, name) for name in fields}
    for name, value in fields.items():
        setattr(row, name, value)
    _check(row)
    row.save()
    return {name: [old, fields[name]] for name, old in before.items() if old != fields[name]}


def _check(row: models.Model) -> None:
    try:
        row.full_clean(exclude=["tenant"], validate_constraints=False)
    except ValidationError as error:
        problems = [{"field": name, "message": " ".join(texts)} for name, texts in error.message_dict.items()]
        raise Refusal(Code.INVALID_INPUT, problems=problems) from error
    if isinstance(row, BankAccount) and _is_known(row):
        raise Refusal(Code.INVALID_INPUT, _("This bank account is on the list already."))


def _is_known(account: BankAccount) -> bool:
    same = {name: getattr(account, name) for name in ("bank_code", "branch_code", "kind", "number")}
    return BankAccount.objects.filter(**same).exclude(pk=account.pk).exists()

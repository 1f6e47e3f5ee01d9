"""From which account of the tenant pay-outs are made."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from payments.models import PayoutSender
from payments.rules import bank_kana


@transaction.atomic
def set_payout_sender(
    *,
    sender_code: str,
    sender_name: str,
    bank_code: str,
    branch_code: str,
    account_kind: str,
    account_number: str,
) -> PayoutSender:
    """Files written from now on name this account. Raises Refusal `invalid_input` with problems per field."""
    sender: PayoutSender = PayoutSender.objects.select_for_update().first() or PayoutSender()
    sender.sender_code, sender.sender_name = sender_code, bank_kana(sender_name)
    sender.bank_code, sender.branch_code = bank_code, branch_code
    sender.account_kind, sender.account_number = account_kind, account_number
    try:
        sender.full_clean(exclude=["tenant"], validate_constraints=False)
    except ValidationError as error:
        problems = [{"field": name, "message": " ".join(texts)} for name, texts in error.message_dict.items()]
        raise Refusal(Code.INVALID_INPUT, problems=problems) from error
    sender.save()
    record("payout_sender_changed", sender, sender_code=sender_code, account=str(sender))
    return sender

"""A disputed document is not asked for while somebody looks into it (H8)."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.tenancy.lookup import current_tenant
from invoices.models import Document
from ledger.services import lock_balance
from payments.models import DunningHalt
from payments.rules.dunning import check_reason
from payments.selectors.dunning import open_amount, open_halt
from payments.services.dunning.lifting import lift_where_nothing_is_overdue


@transaction.atomic
def halt_dunning(*, document: Document, reason: str) -> DunningHalt:
    """From today the document is not overdue; days until it is resumed do not count. Halted already: stays.

    Raises Refusal `invalid_input` without a reason, `already_paid` when nothing is open.
    """
    text = check_reason(reason)
    lock_balance(document.customer_id)
    if halt := open_halt(document):
        return halt
    if not open_amount(document):
        raise Refusal(Code.ALREADY_PAID)
    made: DunningHalt = DunningHalt.objects.create(
        document=document, customer_id=document.customer_id, reason=text, halted_on=_today()
    )
    record("dunning_halted", document, reason=text)
    lift_where_nothing_is_overdue([document.customer_id])
    return made


@transaction.atomic
def resume_dunning(*, document: Document) -> None:
    """The document is asked for again; its days go on where they stood. Not halted: nothing happens."""
    lock_balance(document.customer_id)
    halt = open_halt(document)
    if halt is None:
        return
    halt.resumed_on = _today()
    halt.save(update_fields=["resumed_on"])
    record("dunning_resumed", document, halted_on=halt.halted_on.isoformat())


def _today() -> date:
    return clock.today(current_tenant().zone)

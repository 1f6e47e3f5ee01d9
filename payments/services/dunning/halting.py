"""A disputed document is not asked for while somebody looks into it (H8)."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import Customer
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.tenancy.lookup import current_tenant
from invoices.models import Document
from ledger.services import lock_balance
from payments.models import DunningHalt
from payments.rules.dunning import check_reason
from payments.selectors.dunning import open_amount, open_halt, overdue_items
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


@transaction.atomic
def halt_customer(*, customer: Customer, reason: str) -> int:
    """Halts each document of the customer that is overdue; gives how many.

    Raises Refusal `invalid_input` without a reason, `already_paid` when nothing is overdue.
    """
    lock_balance(customer.pk)
    overdue = overdue_items(_today(), [customer.pk]).get(customer.pk, [])
    if not overdue:
        raise Refusal(Code.ALREADY_PAID)
    documents = Document.objects.in_bulk([item.document_id for item in overdue])
    for item in overdue:
        halt_dunning(document=documents[item.document_id], reason=reason)
    return len(overdue)


@transaction.atomic
def resume_customer(*, customer: Customer) -> int:
    """Asks for each halted document of the customer again; gives how many."""
    lock_balance(customer.pk)
    halts = DunningHalt.objects.filter(customer=customer, resumed_on=None).select_related("document")
    found = list(halts.order_by("pk"))
    for halt in found:
        resume_dunning(document=halt.document)
    return len(found)


def _today() -> date:
    return clock.today(current_tenant().zone)

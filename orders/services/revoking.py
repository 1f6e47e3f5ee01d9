"""Certificates that were not paid are revoked, when dunning comes to that (A12)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction

from accounts.models import Customer
from accounts.policy.choices import Step
from billing_project import clock
from billing_project.audit.services import record
from billing_project.tenancy.lookup import current_tenant
from invoices.models import DocumentLine
from invoices.selectors import first_charges
from orders.models import LineState, Order, OrderLine
from payments.selectors.dunning import overdue_items


def after_dunning_changed(*, customer: Customer, taken: Collection[str], **_signal: object) -> None:
    """Heard from dunning, in the transaction that takes the step."""
    if Step.REVOKED in taken:
        revoke_unpaid(customer=customer, day=clock.today(current_tenant().zone))


@transaction.atomic
def revoke_unpaid(*, customer: Customer, day: date) -> int:
    """Revokes what was delivered on the customer's overdue documents; gives the number of lines.

    The caller holds the customer's balance, so that no line is delivered or cancelled meanwhile.
    """
    documents = [item.document_id for item in overdue_items(day, [customer.pk]).get(customer.pk, [])]
    billed = DocumentLine.objects.filter(document__in=documents).values_list("charge", flat=True)
    charges = first_charges(billed)
    lines = OrderLine.objects.filter(charge__in=charges, state=LineState.DELIVERED, revoked_at=None)
    positions: dict[int, list[int]] = {}
    for order_id, position in lines.order_by("order_id", "position").values_list("order_id", "position"):
        positions.setdefault(order_id, []).append(position)
    count = lines.update(revoked_at=clock.now())
    for order in Order.objects.filter(pk__in=positions).order_by("pk"):
        record("certificates_revoked", order, lines=positions[order.pk])
    return count

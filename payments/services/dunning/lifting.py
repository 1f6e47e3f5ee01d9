"""Steps end at once when nothing is overdue any more: paid, returned, written off or halted (H8)."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from accounts.models import Customer
from billing_project import clock
from billing_project.audit.services import record
from billing_project.tenancy.lookup import current_tenant
from payments.models import DunningCase, DunningStepTaken
from payments.rules.dunning import LASTING
from payments.selectors.dunning import open_cases, overdue_items, steps_in_force
from payments.signals import dunning_changed


@transaction.atomic
def lift_where_nothing_is_overdue(customer_ids: Collection[int]) -> None:
    """Closes the cases of customers that have nothing overdue today; the caller holds their balances."""
    cases = list(open_cases().filter(customer_id__in=customer_ids).select_related("customer"))
    if not cases:
        return
    overdue = overdue_items(clock.today(current_tenant().zone), [case.customer_id for case in cases])
    for case in cases:
        if case.customer_id not in overdue:
            _close(case)


def after_open_items_changed(*, customer_ids: Collection[int], **_signal: object) -> None:
    """Heard from documents, in the transaction that paid, returned or wrote off."""
    lift_where_nothing_is_overdue(customer_ids)


def _close(case: DunningCase) -> None:
    customer: Customer = case.customer
    before = set(steps_in_force(customer))
    now = clock.now()
    of_case = DunningStepTaken.objects.filter(case=case, lifted_at=None)
    of_case.exclude(step__in=LASTING).update(lifted_at=now)
    case.closed_at = now
    case.save(update_fields=["closed_at"])
    lifted = tuple(sorted(before - set(steps_in_force(customer))))
    if lifted:
        record("dunning_steps_lifted", customer, steps=list(lifted))
        dunning_changed.send(None, customer=customer, taken=(), lifted=lifted)

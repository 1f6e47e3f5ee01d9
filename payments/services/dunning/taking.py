"""The daily run: cases are opened, steps taken on their days, and lifted where nothing is overdue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from accounts.models import Customer
from accounts.policy.choices import Step
from billing_project import clock
from billing_project.audit.services import record
from billing_project.outbox.services import enqueue, in_the_morning
from invoices.models import OpenItem
from ledger.services import lock_balances
from payments.mails import DUNNING
from payments.models import DunningCase, DunningStepTaken
from payments.rules.dunning import Overdue, Planned, due_steps
from payments.selectors.dunning import any_overdue, open_cases, overdue_items
from payments.services.dunning.lifting import lift_where_nothing_is_overdue
from payments.signals import dunning_changed


def anything_to_dun(day: date) -> bool:
    """Whether `take_steps(day)` has anybody to look at."""
    return any_overdue(day) or open_cases().exists()


@transaction.atomic
def take_steps(day: date) -> int:
    """Takes the steps whose day has come by `day`, each once in a case; gives how many.

    A run that comes late judges by what is open now, and dates each step by its own day. One mail to each
    customer tells of all steps taken.
    """
    candidates = {*overdue_items(day), *open_cases().values_list("customer_id", flat=True)}
    if not candidates:
        return 0
    # Each customer's turn: what is open cannot change under our eyes.
    lock_balances(candidates)
    lift_where_nothing_is_overdue(candidates)
    overdue = overdue_items(day, candidates)
    customers = Customer.objects.in_bulk(overdue)
    return sum(_take(customers[each], overdue[each], day) for each in sorted(overdue))


def _take(customer: Customer, items: Sequence[Overdue], day: date) -> int:
    case, _ = DunningCase.objects.get_or_create(
        customer=customer, closed_at=None, defaults={"opened_on": day}
    )
    taken = set(DunningStepTaken.objects.filter(case=case).values_list("step", flat=True))
    planned = due_steps(items, day, taken)
    if planned:
        _write(case, customer, planned)
        _tell(case, customer, planned, day)
    return len(planned)


def _write(case: DunningCase, customer: Customer, planned: Sequence[Planned]) -> None:
    now = clock.now()
    DunningStepTaken.objects.bulk_create(
        DunningStepTaken(
            case=case,
            customer=customer,
            document_id=each.document_id,
            step=each.step,
            on=each.on,
            taken_at=now,
        )
        for each in planned
    )


def _tell(case: DunningCase, customer: Customer, planned: Sequence[Planned], day: date) -> None:
    steps = [each.step.value for each in planned]
    record("dunning_steps_taken", customer, steps={each.step.value: str(each.on) for each in planned})
    enqueue(
        occasion=f"{DUNNING}:{case.pk}:{day}:{steps[-1]}",
        kind=DUNNING,
        reference=customer.pk,
        not_before=in_the_morning(),
        steps=steps,
        documents=_documents(customer, day),
    )
    in_force = tuple(step for step in steps if step != Step.REMINDER)
    if in_force:
        dunning_changed.send(None, customer=customer, taken=in_force, lifted=())


def _documents(customer: Customer, day: date) -> list[dict[str, object]]:
    """What is overdue, as the mail says it."""
    items = overdue_items(day, [customer.pk])[customer.pk]
    numbers = dict(
        OpenItem.objects.filter(document__in=[item.document_id for item in items]).values_list(
            "document_id", "document__number"
        )
    )
    return [
        {"number": numbers[item.document_id], "due": item.due_on.isoformat(), "amount": item.amount}
        for item in items
    ]

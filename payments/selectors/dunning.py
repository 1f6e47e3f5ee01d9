"""Questions about overdue documents and the steps in force, asked in the tenant's context."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, Min, OuterRef, QuerySet, Sum
from django.db.models.functions import Coalesce

from accounts.models import Customer
from accounts.policy.choices import PaymentMethod, Step
from accounts.selectors import policies_on, policy_on
from billing_project import clock
from billing_project.tenancy.lookup import current_tenant
from invoices.models import Document, OpenItem
from payments.models import DunningCase, DunningHalt, DunningStepTaken, WriteOff
from payments.rules import dunning as rules
from payments.rules.dunning import Halt, Overdue, Planned


@dataclass(frozen=True, slots=True)
class Standing:
    """How a customer stands with dunning: steps in force, what is overdue (oldest first), what comes next."""

    in_force: tuple[Step, ...]
    overdue: tuple[Overdue, ...]
    oldest: Overdue | None
    next: Planned | None

    @property
    def total(self) -> int:
        """The overdue sum in yen."""
        return sum(item.amount for item in self.overdue)


def steps_in_force(customer: Customer) -> list[str]:
    """The steps that hold for the customer now; a reminder is a mail and holds nothing."""
    taken = _in_force(customer).values_list("step", flat=True)
    return list(dict.fromkeys(taken))


@dataclass(frozen=True, slots=True)
class Notice:
    """What the panel says on every page while steps are in force: those, and what is overdue, in yen."""

    steps: list[str]
    count: int
    total: int
    since: date

    @property
    def blocks_orders(self) -> bool:
        return bool(rules.BLOCKS_ORDERS & set(self.steps))

    @property
    def withdraws_later_payment(self) -> bool:
        return Step.LATER_PAYMENT_WITHDRAWN in self.steps

    @property
    def revokes(self) -> bool:
        return Step.REVOKED in self.steps


def notice_of(customer: Customer, day: date) -> Notice | None:
    """None when nothing is overdue or no step holds; one question for those who are not dunned."""
    steps = steps_in_force(customer)
    if not steps:
        return None
    late = _overdue(day, [customer.pk]).order_by()
    found = late.aggregate(count=Count("pk"), total=Sum("open_amount"), since=Min("due_on"))
    return Notice(steps, **found) if found["count"] else None


def standing_with_dunning(customer: Customer, day: date) -> Standing:
    """All there is to say about the customer on this day."""
    return standings_with_dunning([customer.pk], day)[customer.pk]


def standings_with_dunning(customer_ids: Collection[int], day: date) -> dict[int, Standing]:
    """The same for many customers, with a few questions in all."""
    overdue = overdue_items(day, customer_ids)
    in_force: dict[int, list[Step]] = {each: [] for each in customer_ids}
    of_open_case: dict[int, set[str]] = {each: set() for each in customer_ids}
    rows = DunningStepTaken.objects.filter(customer_id__in=customer_ids).order_by("on", "pk")
    taken = rows.values_list("customer_id", "step", "lifted_at", "case__closed_at")
    for customer_id, step, lifted_at, closed_at in taken:
        if lifted_at is None and step != Step.REMINDER:
            in_force[customer_id].append(Step(step))
        if closed_at is None:
            of_open_case[customer_id].add(step)
    return {
        each: _standing(in_force[each], overdue.get(each, []), of_open_case[each], day)
        for each in customer_ids
    }


def _standing(in_force: list[Step], items: list[Overdue], taken: Collection[str], day: date) -> Standing:
    return Standing(
        tuple(in_force), tuple(items), rules.oldest(items, day), rules.next_step(items, day, taken)
    )


def method_today(customer: Customer) -> str:
    """The method the customer pays by; while paying later is withdrawn, the first other one offered."""
    method: str = customer.payment_method
    if method != PaymentMethod.LATER_TRANSFER:
        return method
    if Step.LATER_PAYMENT_WITHDRAWN not in steps_in_force(customer):
        return method
    policy = policy_on(clock.today(current_tenant().zone))
    offered = (policy.first_method, *policy.payment_methods)
    return next((each for each in offered if each != method), method)


def overdue_items(day: date, customer_ids: Collection[int] | None = None) -> dict[int, list[Overdue]]:
    """Per customer what is overdue on this day and not halted, oldest due first."""
    found: dict[int, list[Overdue]] = {}
    # Of a year's debts only what is needed: whole documents would cost ten times as much.
    items = list(_overdue(day, customer_ids).annotate(policy_day=_POLICY_DAY).values_list(*_ITEM, named=True))
    halts = _halts_of([item.document_id for item in items])
    policies = policies_on({item.policy_day for item in items})
    for item in items:
        overdue = Overdue(
            item.document_id,
            item.due_on,
            item.open_amount,
            policies[item.policy_day].dunning,
            halts.get(item.document_id, ()),
        )
        found.setdefault(item.customer_id, []).append(overdue)
    return found


_ITEM = ("customer_id", "document_id", "due_on", "open_amount", "policy_day")
_POLICY_DAY = Coalesce("document__closing__closes_on", "document__issued_on")
"""The closing day, or the day of issue without a closing (X10)."""


def any_overdue(day: date) -> bool:
    return _overdue(day, None).exists()


def open_cases() -> QuerySet[DunningCase]:
    """The cases of customers that have something overdue."""
    cases: QuerySet[DunningCase] = DunningCase.objects.filter(closed_at=None)
    return cases


def open_halt(document: Document) -> DunningHalt | None:
    halt: DunningHalt | None = DunningHalt.objects.filter(document=document, resumed_on=None).first()
    return halt


def open_amount(document: Document) -> int:
    """What is still to be paid of the document, in yen."""
    item = OpenItem.objects.filter(document=document).first()
    return item.open_amount if item else 0


def write_offs(customer: Customer) -> QuerySet[WriteOff]:
    """The customer's write-offs, the oldest first."""
    found: QuerySet[WriteOff] = WriteOff.objects.filter(customer=customer)
    return found.select_related("document").order_by("pk")


def _in_force(customer: Customer) -> QuerySet[DunningStepTaken]:
    taken: QuerySet[DunningStepTaken] = DunningStepTaken.objects.filter(customer=customer, lifted_at=None)
    return taken.exclude(step=Step.REMINDER).order_by("on", "pk")


def _overdue(day: date, customer_ids: Collection[int] | None) -> QuerySet[OpenItem]:
    halted = DunningHalt.objects.filter(document=OuterRef("document"), resumed_on=None)
    items: QuerySet[OpenItem] = OpenItem.objects.filter(~Exists(halted), open_amount__gt=0, due_on__lt=day)
    if customer_ids is not None:
        items = items.filter(customer_id__in=customer_ids)
    return items.order_by("due_on", "id")


def _halts_of(documents: Collection[int]) -> dict[int, list[Halt]]:
    found: dict[int, list[Halt]] = {}
    for halt in DunningHalt.objects.filter(document__in=documents).order_by("pk"):
        found.setdefault(halt.document_id, []).append(Halt(halt.halted_on, halt.resumed_on))
    return found

"""What another policy would have made of a month: its charges billed once more, twice, and rolled back.

Both policies issue by the same services at the same moment, so that what differs is the policy's doing alone,
not that of a deposit which is another today.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.policy import BillingPolicy
from accounts.selectors import policy_of
from billing_project.calendar import Month
from billing_project.errors import Code, Refusal
from invoices.models import Charge, Closing, ClosingState, Document, DocumentLine
from invoices.rules import ClosingPlan, IssueRun, closing_day_in, closing_plan
from invoices.services.gate import next_moment, shut_gate
from invoices.services.issuing import Terms, issue_documents_of_charges
from invoices.services.previews import rolled_back

MOST = 2_000
_Key = tuple[int, int, str, bool]
_COMPARED = ("issued_on", "due_on", "net_total", "tax_total", "total", "to_pay")


@dataclass(frozen=True, slots=True)
class Compared:
    """A customer's document under the policy of then, and under the draft; None where there is none."""

    before: Document | None
    after: Document | None

    @property
    def differs(self) -> bool:
        pair = (self.before, self.after)
        return [getattr(pair[0], name, None) for name in _COMPARED] != [
            getattr(pair[1], name, None) for name in _COMPARED
        ]

    @property
    def one(self) -> Document:
        found = self.before or self.after
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """The plans of the month under both policies, and its documents in order of customers."""

    closing: Closing
    before: ClosingPlan
    after: ClosingPlan | None
    documents: tuple[Compared, ...]

    @property
    def different(self) -> list[Compared]:
        return [each for each in self.documents if each.differs]


def compare_policies(*, draft: BillingPolicy) -> Comparison:
    """The last closing whose documents are issued, as it was and as the draft would have had it.

    Changes nothing. Raises Refusal `invalid_input` when nothing has been issued yet, or too much to look at.
    """
    closing: Closing | None = Closing.objects.filter(state=ClosingState.ISSUED).order_by("-closes_on").first()
    if closing is None:
        raise Refusal(Code.INVALID_INPUT, _("No closing has been issued yet: there is nothing to compare."))
    if closing.document_count > MOST:
        text = _("The last closing has %(count)s documents; up to %(most)s can be compared.")
        raise Refusal(Code.INVALID_INPUT, text % {"count": closing.document_count, "most": MOST})
    was = closing_plan(policy_of(closing.policy_version), closing.closes_on)
    assert was is not None
    return _compared(closing, was, policy_of(closing.policy_version), draft)


def _compared(closing: Closing, was: ClosingPlan, policy: BillingPolicy, draft: BillingPolicy) -> Comparison:
    day = closing_day_in(draft, Month.of(closing.closes_on))
    would = closing_plan(draft, day) if day else None
    before = rolled_back(lambda: _issued(closing, was, policy))
    after = rolled_back(lambda: _issued(closing, would, draft)) if would else {}
    keys = sorted({*before, *after})
    pairs = [Compared(before.get(key), after.get(key)) for key in keys]
    pairs.sort(key=lambda each: (each.one.customer.code, each.one.pk))
    return Comparison(closing, was, would, tuple(pairs))


def _issued(closing: Closing, plan: ClosingPlan, policy: BillingPolicy) -> dict[_Key, Document]:
    """The documents by what makes them one; in a transaction that is rolled back."""
    shut_gate()
    charges = _once_more(closing, plan)
    issued = [document for run in plan.runs for document in _of_run(charges, run, plan, policy)]
    return {_key(document): document for document in issued}


def _key(document: Document) -> _Key:
    return (
        document.customer_id,
        document.addressee_id,
        document.payment_method,
        document.tax_inclusive,
    )


def _of_run(
    charges: Iterable[Charge], run: IssueRun, plan: ClosingPlan, policy: BillingPolicy
) -> list[Document]:
    chosen = [charge for charge in charges if charge.payment_method in run.due_on]
    terms = Terms(
        issued_on=run.issue_on,
        rounding=policy.tax_rounding,
        apply_deposit=policy.apply_deposit,
        due_on=run.due_on,
        booked_from=plan.closes_on,
        mail=False,
    )
    return issue_documents_of_charges(charges=chosen, terms=terms) if chosen else []


def _once_more(closing: Closing, plan: ClosingPlan) -> Sequence[Charge]:
    """What the closing billed, as charges that nobody has billed."""
    lines = DocumentLine.objects.filter(document__closing=closing)
    billed = Charge.objects.filter(pk__in=lines.values("charge"), billable_from__lte=plan.closes_on)
    moment = next_moment()
    copies = [_copy(charge) for charge in billed.order_by("pk")]
    for copy in copies:
        copy.recorded_at = moment
    return Charge.objects.bulk_create(copies)


def _copy(charge: Charge) -> Charge:
    left_out = {"id", "reverses", "corrects", "stands_for"}
    fields = [field.attname for field in Charge._meta.concrete_fields if field.name not in left_out]
    return Charge(**{name: getattr(charge, name) for name in fields})

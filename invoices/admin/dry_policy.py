"""What a draft of the policy would have made of the last closing: a page of the policy's editor."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.admin.policy_form import PolicyForm
from accounts.models import PolicyVersion
from accounts.policy import change_policy
from accounts.selectors import policy_of
from billing_project import clock
from billing_project.backoffice import cells
from billing_project.backoffice.acts import act_url, list_act, may_administer, operator_page
from billing_project.backoffice.pages import Column, Fact, Facts, Prose, Section, Table
from billing_project.errors import Refusal
from invoices.rules import ClosingPlan
from invoices.services.dry_policy import Compared, Comparison, compare_policies

SHOWN = 200


@list_act(
    PolicyVersion, "last-month", _("Policy and last month"), "history_toggle_off", allowed=may_administer
)
def last_month(request: Any) -> HttpResponse:
    """The editor sends its form here; without a draft it leads to the editor."""
    if request.method != "POST":
        return HttpResponseRedirect(act_url(PolicyVersion, "new"))
    newest: PolicyVersion = PolicyVersion.objects.order_by("-valid_from", "-id")[0]
    form = PolicyForm(request.POST, policy=policy_of(newest), today=clock.today(), explain_url="")
    form.is_valid()
    try:
        draft = change_policy(policy_of(newest), form.changes())
        sections = _sections(compare_policies(draft=draft))
    except Refusal as refusal:
        problems = [each["message"] for each in refusal.details.get("problems", [])]
        sections = [Prose(refusal.message, "\n".join(map(str, problems)), "danger")]
    return operator_page(
        request,
        "admin/dry_policy.html",
        title=_("What would have happened last month"),
        opts=PolicyVersion._meta,
        sections=sections,
        back=act_url(PolicyVersion, "new"),
    )


def _sections(found: Comparison) -> list[Section]:
    if found.after is None:
        text = _("Under the draft there is no closing: nothing would have been billed by month.")
        return [Prose("", text, "warning")]
    different = found.different
    told = _("Nothing was written. %(different)s of %(all)s documents would differ.")
    words = {"different": len(different), "all": len(found.documents)}
    return [
        Prose("", told % words, "info" if different else "success"),
        Facts(_("Closing"), _days(found.before, found.after)),
        _table(different),
    ]


def _days(before: ClosingPlan, after: ClosingPlan) -> list[Fact]:
    return [
        Fact(_("closes on"), _change(before.closes_on, after.closes_on)),
        Fact(_("issue day"), _change(_issues(before), _issues(after))),
        Fact(_("due"), _change(_dues(before), _dues(after))),
    ]


def _issues(plan: ClosingPlan) -> str:
    return cells.joined(str(run.issue_on) for run in plan.runs)


def _dues(plan: ClosingPlan) -> str:
    return cells.joined(
        f"{method.label} {day}" for run in plan.runs for method, day in sorted(run.due_on.items())
    )


def _change(before: Any, after: Any) -> str:
    return f"{before}" if before == after else f"{before} → {after}"


def _table(different: list[Compared]) -> Section:
    columns = [
        Column(_("customer")),
        Column(_("issued")),
        Column(_("due")),
        Column(_("tax (yen)"), numeric=True),
        Column(_("total (yen)"), numeric=True),
        Column(_("to pay (yen)"), numeric=True),
    ]
    rows = [_row(each) for each in different[:SHOWN]]
    note = _("The first %(count)s are shown.") % {"count": SHOWN} if len(different) > SHOWN else ""
    return Table(_("Documents that would differ"), columns, rows, _("None: all stays as it is."), note=note)


def _row(each: Compared) -> tuple[Any, ...]:
    return (
        cells.link(each.one.customer),
        _pair(each, "issued_on"),
        _pair(each, "due_on"),
        _yen(each, "tax_total"),
        _yen(each, "total"),
        _yen(each, "to_pay"),
    )


def _pair(each: Compared, name: str) -> str:
    before, after = (getattr(one, name, None) for one in (each.before, each.after))
    if before == after:
        return cells.days(before)
    return format_html("{} → {}", cells.days(before), cells.days(after))


def _yen(each: Compared, name: str) -> Any:
    before, after = (getattr(one, name, None) for one in (each.before, each.after))
    if before == after:
        return cells.yen(before)
    return cells.changed(before, after)

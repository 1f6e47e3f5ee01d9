"""The billing policy: versions with their differences, and the editor."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.admin.policy_form import DAY_FIELDS, GROUPS, PolicyForm, days_of, explained, shown
from accounts.models import PolicyVersion
from accounts.policy import label_of
from accounts.policy.choices import PaymentMethod
from accounts.selectors import policy_of, policy_version_on
from accounts.services import set_policy
from billing_project import clock
from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, act_url, ask, list_act, list_of, may_administer
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Column, Fact, Facts, Prose, Section, Table, section
from billing_project.errors import Code, Refusal, Text


def standing(version: PolicyVersion) -> tuple[Text, str]:
    """Whether the version holds today: words and tone."""
    today = clock.today()
    if version.valid_from > today:
        return _("Future"), "info"
    if policy_version_on(today).pk == version.pk:
        return _("In force"), "success"
    return _("Past"), ""


@admin.register(PolicyVersion)
class PolicyVersionAdmin(OperatorAdmin):
    list_display = ("valid", "state", "preset", "differences", "made")
    ordering = ("-valid_from", "-id")
    csv_columns = (
        (_("valid from"), "valid_from"),
        (_("preset"), "preset"),
        (_("made"), "created_at"),
        (_("fields"), lambda version: str(version.fields)),
    )

    def get_urls(self) -> list[Any]:
        explain = path(
            "explain/", self.admin_site.admin_view(self.explain), name="accounts_policyversion_explain"
        )
        return [explain, *super().get_urls()]

    def explain(self, request: Any) -> HttpResponse:
        """The next days a rule gives, while it is typed."""
        name = request.GET.get("field", "")
        if name not in DAY_FIELDS:
            return HttpResponse(status=404)
        days = explained(name, request.GET.get(name, "")[:500], clock.today())
        return render(request, "admin/policy_days.html", {"days": days})

    @display(description=_("valid from"), ordering="valid_from")
    def valid(self, version: PolicyVersion) -> str:
        return f"{version.valid_from}"

    @display(description=_("state"))
    def state(self, version: PolicyVersion) -> Any:
        return cells.label(*standing(version))

    @display(description=_("changed"))
    def differences(self, version: PolicyVersion) -> str:
        changed = changes_of(version)
        return cells.joined(str(label_of(name).label) for name, _old, _new in changed) or "—"

    @display(description=_("made"), ordering="created_at")
    def made(self, version: PolicyVersion) -> str:
        return cells.moments(version.created_at)


def version_before(version: PolicyVersion) -> PolicyVersion | None:
    """The version that this one took over from, as it stood when this one was made."""
    earlier = PolicyVersion.objects.filter(valid_from__lte=version.valid_from, pk__lt=version.pk)
    found: PolicyVersion | None = earlier.order_by("-valid_from", "-pk").first()
    return found


def changes_of(version: PolicyVersion) -> list[tuple[str, str, str]]:
    """Field, old value, new value."""
    before = version_before(version)
    if before is None:
        return []
    old, new = policy_of(before).to_json(), policy_of(version).to_json()
    return [(name, shown(name, old[name]), shown(name, new[name])) for name in new if old[name] != new[name]]


@section(PolicyVersion, order=10)
def validity(_request: Any, version: PolicyVersion) -> Section:
    return Facts(
        _("Version"),
        (
            Fact(_("valid from"), cells.days(version.valid_from)),
            Fact(_("state"), cells.label(*standing(version))),
            Fact(_("preset"), version.preset),
            Fact(_("made"), cells.moments(version.created_at)),
        ),
    )


@section(PolicyVersion, order=20)
def what_changed(_request: Any, version: PolicyVersion) -> Section:
    return Table(
        _("Changed against the version before"),
        [Column(_("Field")), Column(_("Before")), Column(_("After"))],
        [(label_of(name).label, old, new) for name, old, new in changes_of(version)],
        empty=_("Nothing: it is the first version."),
    )


def _group(number: int) -> Any:
    title, names = GROUPS[number]

    def build(_request: Any, version: PolicyVersion) -> Section:
        policy = policy_of(version)
        values, days = policy.to_json(), days_of(policy, clock.today())
        rows = [
            (label_of(name).label, shown(name, values[name]), _days_cell(days.get(name, [])))
            for name in names
        ]
        columns = [Column(_("Field")), Column(_("Value")), Column(_("Next dates"))]
        if not any(dates for *_others, dates in rows):
            return Table(title, columns[:2], [row[:2] for row in rows])
        return Table(title, columns, rows)

    return build


for _number in range(len(GROUPS)):
    section(PolicyVersion, order=30 + _number)(_group(_number))


def _days_cell(rules: list[Any]) -> Any:
    return format_html_join(
        "", "<div>{}: {}</div>", ((rule, cells.joined(map(str, days))) for rule, days in rules)
    )


@list_act(PolicyVersion, "new", _("Change policy"), "edit", allowed=may_administer, tone="primary")
def change_policy_page(request: Any) -> HttpResponse:
    today = clock.today()
    newest: PolicyVersion = PolicyVersion.objects.order_by("-valid_from", "-id")[0]
    form = PolicyForm(
        request.POST or None,
        policy=policy_of(newest),
        today=today,
        explain_url=act_url(PolicyVersion, "explain"),
    )

    def act(cleaned: dict[str, Any]) -> Any:
        if not form.changes():
            raise Refusal(Code.INVALID_INPUT, _("Nothing was changed."))
        set_policy(changes=form.changes(), valid_from=cleaned["valid_from"])
        return _("The new version of the policy was saved.")

    question = Question(
        _("Change policy"), form, act, list_of(PolicyVersion), button=_("Save"), template="admin/policy.html"
    )
    notes = []
    if newest.valid_from > today:
        text = _("The fields below are those of the version that is valid from %(day)s.")
        notes.append(Prose("", text % {"day": newest.valid_from}, "info"))
    methods = cells.joined(f"{method.value} = {method.label}" for method in PaymentMethod)
    return ask(request, question, sections=notes, methods=methods, opts=PolicyVersion._meta)

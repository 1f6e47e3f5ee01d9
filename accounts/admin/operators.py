"""Who works in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesRadioFilter
from unfold.decorators import display

from accounts.models import Operator, OperatorRole
from accounts.services.operators import add_operator_by_mail, change_operator_role, deactivate_operator
from billing_project.backoffice.acts import Question, ask, list_act, list_of, may_administer, page_of, row_act
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Fact, Facts, Section, section

ROLE_NOTES = _(
    "Administrators may do everything. Accounting may not change policy, issuer and operators."
    " Support reads and changes nothing."
)


class RoleForm(OperatorForm):
    role = forms.ChoiceField(label=_("role"), choices=OperatorRole.choices, help_text=ROLE_NOTES)


class NewOperatorForm(RoleForm):
    email = forms.EmailField(label=_("mail address"))
    name = forms.CharField(label=_("name"), max_length=100)
    field_order = ("email", "name", "role")


@admin.register(Operator)
class OperatorsAdmin(OperatorAdmin):
    list_display = ("email", "person", "role_name", "active")
    search_fields = ("user__email", "user__name")
    list_filter = (("role", ChoicesRadioFilter), ("is_active", BooleanRadioFilter))
    list_select_related = ("user",)
    page_related = ("user",)
    csv_columns = (
        (_("mail address"), "user__email"),
        (_("name"), "user__name"),
        (_("role"), "get_role_display"),
        (_("active"), lambda operator: int(operator.is_active)),
    )

    @display(description=_("mail address"))
    def email(self, operator: Any) -> str:
        return str(operator.user.email)

    @display(description=_("name"))
    def person(self, operator: Any) -> str:
        return str(operator.user.name)

    @display(description=_("role"), ordering="role")
    def role_name(self, operator: Operator) -> str:
        return operator.get_role_display()

    @display(description=_("active"), boolean=True, ordering="is_active")
    def active(self, operator: Operator) -> bool:
        return operator.is_active


@section(Operator, order=10)
def operator_facts(_request: Any, operator: Any) -> Section:
    return Facts(
        _("Operator"),
        (
            Fact(_("mail address"), operator.user.email),
            Fact(_("name"), operator.user.name or "—"),
            Fact(_("role"), operator.get_role_display()),
            Fact(_("active"), _("Yes") if operator.is_active else _("No")),
        ),
    )


@list_act(Operator, "new", _("New operator"), "person_add", allowed=may_administer, tone="primary")
def new_operator(request: Any) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> tuple[Any, str]:
        operator: Any = add_operator_by_mail(**cleaned)
        text = _("The operator was added.")
        if not operator.user.has_usable_password():
            text = _(
                "The operator was added."
                " A first password is set by “Forgot your password?” on the sign-in page."
            )
        return text, page_of(operator)

    form = NewOperatorForm(request.POST or None)
    return ask(request, Question(_("New operator"), form, act, list_of(Operator), button=_("Add")))


@row_act(
    Operator,
    "role",
    _("Change role"),
    "manage_accounts",
    allowed=may_administer,
    offered=lambda operator: operator.is_active,
)
def change_role(request: Any, operator: Operator) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> Any:
        change_operator_role(operator=operator, role=cleaned["role"])
        return _("The role was changed.")

    form = RoleForm(request.POST or None, initial={"role": operator.role})
    question = Question(_("Change role"), form, act, page_of(operator), button=_("Save"))
    return ask(request, question, original=operator, opts=operator._meta)


@row_act(
    Operator,
    "deactivate",
    _("Deactivate"),
    "person_off",
    allowed=may_administer,
    offered=lambda operator: operator.is_active,
    tone="danger",
)
def deactivate(request: Any, operator: Operator) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> tuple[Any, str]:
        deactivate_operator(operator=operator)
        return _("The operator was deactivated."), list_of(Operator)

    lead = _("The person can no longer enter the admin. What they did stays in the audit log.")
    question = Question(
        _("Deactivate"), OperatorForm(request.POST), act, page_of(operator), lead, tone="danger"
    )
    return ask(request, question, original=operator, opts=operator._meta)

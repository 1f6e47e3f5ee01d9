"""Forms of the company's own pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountingContact, Member, Role
from accounts.services import NewContact


class ContactForm(forms.Form):
    """The accounting contact from now on (A7)."""

    name = forms.CharField(label=_("Name"), max_length=100)
    department = forms.CharField(label=_("Department"), max_length=100, required=False)
    email = forms.EmailField(
        label=_("Mail address"), help_text=_("Links to all documents are mailed to this address.")
    )

    @staticmethod
    def of(contact: AccountingContact) -> ContactForm:
        return ContactForm(
            initial={"name": contact.name, "department": contact.department, "email": contact.email}
        )

    def contact(self) -> NewContact:
        return NewContact(**self.cleaned_data)


class ApiKeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the key"),
        max_length=60,
        help_text=_("Which program uses it, such as: accounting system."),
    )


class AddPasskeyForm(AddWebAuthnForm):
    """allauth's own, whose name field has no label that could be translated."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role.")},
    )

    def __init__(self, data: Any = None, *, offered: Iterable[Role], member: Member | None = None) -> None:
        super().__init__(data, initial={"roles": member.roles if member else []})
        held = set(member.roles) if member else set()
        shown = [role for role in Role if role in set(offered) or role in held]
        self.fields["roles"].choices = [(role, f"{role.label}: {ROLE_NOTES[role]}") for role in shown]  # type: ignore[attr-defined]


class InvitationForm(RolesForm):
    name = forms.CharField(label=_("Name"), max_length=100)
    email = forms.EmailField(label=_("Mail address"), max_length=254)
    field_order = ("name", "email", "roles")


ROLE_NOTES = {
    Role.REQUESTER: _("orders, and sees what they ordered themselves"),
    Role.FIRST_APPROVER: _("orders, approves first, sees everything"),
    Role.SECOND_APPROVER: _("orders, approves second, sees everything"),
    Role.AUTHORITY: _("may do everything, also manage members"),
    Role.ACCOUNTING: _("sees all orders and documents, changes the accounting contact"),
}

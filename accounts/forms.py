"""Forms of the company's own pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountingContact, Member, Role
from accounts.services import NewContact
from billing_project.outbox.builders import optional_mails


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


class ProfileForm(forms.Form):
    """Ticked are the reminders that are wanted."""

    name = forms.CharField(label=_("Name"), max_length=100)
    language = forms.ChoiceField(
        label=_("Language of pages and mails"),
        required=False,
        choices=[("", _("Same as the company's")), *settings.LANGUAGES],
    )
    reminders = forms.MultipleChoiceField(
        label=_("Reminders by mail"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, member: Member) -> None:
        wanted = [kind for kind in optional_mails() if kind not in member.unwanted_mails]
        super().__init__(
            data, initial={"name": member.name, "language": member.language, "reminders": wanted}
        )
        self.fields["reminders"].choices = list(optional_mails().items())  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, Any]:
        """What `change_profile` takes."""
        ticked = self.cleaned_data["reminders"]
        return {
            "name": self.cleaned_data["name"],
            "language": self.cleaned_data["language"],
            "unwanted_mails": [kind for kind in optional_mails() if kind not in ticked],
        }


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

"""What operators do for customers and their members."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import viewing
from accounts.models import Customer, Member
from accounts.policy.choices import PaymentMethod
from accounts.rules import offered_roles
from accounts.selectors import contact_of, policy_on
from accounts.services import (
    NewContact,
    allow_later_payment,
    change_contact,
    change_credit_limit,
    change_roles,
    create_customer,
    invite_again,
    invite_member,
    remove_member,
)
from billing_project import clock
from billing_project.backoffice.acts import Question, ask, list_act, list_of, page_of, row_act
from billing_project.backoffice.forms import OperatorForm, YenField


class ContactForm(OperatorForm):
    name = forms.CharField(label=_("name"), max_length=100)
    department = forms.CharField(label=_("department"), max_length=100, required=False)
    email = forms.EmailField(
        label=_("mail address"), help_text=_("Links to all documents are mailed to this address.")
    )


class CustomerForm(OperatorForm):
    name = forms.CharField(label=_("company name"), max_length=200)
    name_kana = forms.CharField(label=_("company name (kana)"), max_length=200, required=False)
    code = forms.CharField(
        label=_("customer number"),
        max_length=40,
        required=False,
        help_text=_("Empty: the next free number is given."),
    )
    postcode = forms.CharField(label=_("postcode"), max_length=8, required=False)
    address = forms.CharField(label=_("address"), max_length=300, required=False)
    phone = forms.CharField(label=_("phone"), max_length=20, required=False)
    contact_name = forms.CharField(label=_("accounting contact"), max_length=100)
    contact_department = forms.CharField(label=_("department"), max_length=100, required=False)
    contact_email = forms.EmailField(label=_("Mail address of the contact"))
    payment_method = forms.ChoiceField(label=_("payment method"))
    later_payment_allowed = forms.BooleanField(label=_("May pay after the closing"), required=False)
    credit_limit = YenField(
        label=_("Credit limit (yen, with tax)"), required=False, help_text=_("Empty: as the policy says.")
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        policy = policy_on(clock.today())
        offered = [(method, PaymentMethod(method).label) for method in policy.payment_methods]
        self.fields["payment_method"].choices = offered  # type: ignore[attr-defined]
        self.fields["payment_method"].initial = policy.first_method


class CreditForm(OperatorForm):
    credit_limit = YenField(
        label=_("Credit limit (yen, with tax)"), required=False, help_text=_("Empty: no limit.")
    )


class RolesForm(OperatorForm):
    roles = forms.MultipleChoiceField(
        label=_("roles"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [(role, role.label) for role in offered_roles(policy_on(clock.today()))]
        self.fields["roles"].choices = roles  # type: ignore[attr-defined]


class InvitationForm(RolesForm):
    name = forms.CharField(label=_("name"), max_length=100)
    email = forms.EmailField(label=_("mail address"))
    field_order = ("name", "email", "roles")


@list_act(Customer, "new", _("New customer"), "add", tone="primary")
def new_customer(request: Any) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> tuple[Any, str]:
        contact = NewContact(
            name=cleaned.pop("contact_name"),
            email=cleaned.pop("contact_email"),
            department=cleaned.pop("contact_department"),
        )
        customer = create_customer(contact=contact, **{**cleaned, "code": cleaned["code"] or None})
        return _("The customer was made."), page_of(customer)

    form = CustomerForm(request.POST or None)
    return ask(request, Question(_("New customer"), form, act, list_of(Customer), button=_("Create")))


@row_act(Customer, "contact", _("Change contact"), "contact_mail")
def contact_page(request: Any, customer: Customer) -> HttpResponse:
    now = contact_of(customer)
    initial = {"name": now.name, "department": now.department, "email": now.email}

    def act(cleaned: dict[str, Any]) -> Any:
        change_contact(customer=customer, contact=NewContact(**cleaned))
        return _("The accounting contact was changed.")

    lead = _("Orders placed from now on are addressed to this contact; all mail goes to it at once.")
    form = ContactForm(request.POST or None, initial=initial)
    question = Question(_("Change contact"), form, act, page_of(customer), lead, button=_("Save"))
    return ask(request, question, original=customer, opts=customer._meta)


@row_act(
    Customer,
    "allow-later-payment",
    _("Allow later payment"),
    "event_upcoming",
    offered=lambda customer: not customer.later_payment_allowed,
)
def allow_later(request: Any, customer: Customer) -> HttpResponse:
    lead = _("The customer can then order now and pay after the closing, up to its credit limit.")
    return _later_page(request, customer, allowed=True, title=_("Allow later payment"), lead=lead)


@row_act(
    Customer,
    "withdraw-later-payment",
    _("Withdraw later payment"),
    "event_busy",
    offered=lambda customer: customer.later_payment_allowed,
)
def withdraw_later(request: Any, customer: Customer) -> HttpResponse:
    lead = _("New orders must then be paid in another way. Orders and bills that are there stay as they are.")
    return _later_page(request, customer, allowed=False, title=_("Withdraw later payment"), lead=lead)


def _later_page(request: Any, customer: Customer, *, allowed: bool, title: Any, lead: Any) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> Any:
        allow_later_payment(customer=customer, allowed=allowed)
        return _("Later payment is allowed.") if allowed else _("Later payment was withdrawn.")

    tone = "primary" if allowed else "danger"
    form = OperatorForm(request.POST)
    question = Question(title, form, act, page_of(customer), lead, tone=tone)
    return ask(request, question, original=customer, opts=customer._meta)


@row_act(Customer, "credit-limit", _("Credit limit"), "speed")
def credit_limit(request: Any, customer: Customer) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> Any:
        change_credit_limit(customer=customer, credit_limit=cleaned["credit_limit"])
        return _("The credit limit was changed.")

    form = CreditForm(request.POST or None, initial={"credit_limit": customer.credit_limit})
    lead = _(
        "Later orders that would go beyond the limit are refused; what is ordered and billed already stays."
        " Without a figure there is no limit."
    )
    question = Question(_("Credit limit"), form, act, page_of(customer), lead, button=_("Save"))
    return ask(request, question, original=customer, opts=customer._meta)


@row_act(Customer, "invite", _("Invite member"), "person_add")
def invite(request: Any, customer: Customer) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> Any:
        invite_member(customer=customer, **cleaned)
        return _("The invitation is being mailed.")

    form = InvitationForm(request.POST or None)
    question = Question(_("Invite member"), form, act, page_of(customer), button=_("Invite"))
    return ask(request, question, original=customer, opts=customer._meta)


class ViewingForm(OperatorForm):
    reason = forms.CharField(label=_("reason"), max_length=200, help_text=_("It is kept in the audit log."))


@row_act(
    Member, "view-as", _("Sign in as"), "visibility", offered=lambda member: member.is_active, tone="primary"
)
def view_as(request: Any, member: Any) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> tuple[Any, str]:
        viewing.begin(request, member=member, **cleaned)
        return _("You see the pages of %(name)s.") % {"name": member.name}, "/"

    lead = _(
        "You see the customer's pages as this member does, for 30 minutes. You can look at everything and"
        " change nothing; when you began and when you ended is in the audit log."
    )
    form = ViewingForm(request.POST or None)
    question = Question(_("Sign in as"), form, act, page_of(member), lead, button=_("Begin"))
    return ask(request, question, original=member, opts=member._meta)


@row_act(Member, "roles", _("Change roles"), "manage_accounts", offered=lambda member: member.is_active)
def roles(request: Any, member: Any) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> Any:
        change_roles(member=member, roles=cleaned["roles"])
        return _("The roles were changed.")

    form = RolesForm(request.POST or None, initial={"roles": member.roles})
    question = Question(_("Change roles"), form, act, page_of(member), button=_("Save"))
    return ask(request, question, original=member, opts=member._meta)


@row_act(
    Member,
    "invite-again",
    _("Invite again"),
    "forward_to_inbox",
    offered=lambda member: member.is_active and not member.user.has_usable_password(),
)
def again(request: Any, member: Any) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> Any:
        invite_again(member=member)
        return _("The invitation is being mailed.")

    lead = _("A new link to set the password is mailed to %(email)s.") % {"email": member.user.email}
    question = Question(_("Invite again"), OperatorForm(request.POST), act, page_of(member), lead)
    return ask(request, question, original=member, opts=member._meta)


@row_act(
    Member,
    "remove",
    _("Remove member"),
    "person_remove",
    offered=lambda member: member.is_active,
    tone="danger",
)
def remove(request: Any, member: Any) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> Any:
        remove_member(member=member)
        return _("The member was removed.")

    lead = _("The member loses access at once. Orders and documents stay.")
    question = Question(
        _("Remove member"), OperatorForm(request.POST), act, page_of(member), lead, tone="danger"
    )
    return ask(request, question, original=member, opts=member._meta)

"""The company's own pages: its data, its accounting contact, its members; and a member's first sign-in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import viewing
from accounts.access import member_required
from accounts.forms import ContactForm, InvitationForm, RolesForm
from accounts.models import Member, Role
from accounts.policy.choices import PaymentMethod
from accounts.rules import Right, offered_roles
from accounts.selectors import contact_of, policy_on
from accounts.services import change_contact, change_roles, invite_again, invite_member, remove_member
from accounts.services.invitations import accept_invitation, invited_member
from billing_project import clock
from billing_project.errors import Code, Refusal
from billing_project.forms import refusals_on, sent


@require_POST
def viewing_end(request: Any) -> HttpResponse:
    """The operator is an operator again, on the page of the member."""
    if request.viewing is None:
        return redirect("admin:index")
    return redirect(viewing.end(request, over="ended"))


@member_required()
def company(request: Any) -> HttpResponse:
    customer = request.member.customer
    method = PaymentMethod(customer.payment_method).label
    context = {"customer": customer, "contact": contact_of(customer), "method": method}
    return render(request, "accounts/company.html", context)


@member_required(Right.CHANGE_CONTACT)
def contact(request: Any) -> HttpResponse:
    """The form says what a change affects: orders from now on, never documents that exist (A7)."""
    customer = request.member.customer
    if request.method != "POST":
        return render(request, "accounts/contact.html", {"form": ContactForm.of(contact_of(customer))})
    form = ContactForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            change_contact(customer=customer, contact=form.contact())
    if form.errors:
        return render(request, "accounts/contact.html", {"form": form}, status=422)
    messages.success(request, _("The accounting contact has been changed."))
    return redirect("accounts:company")


@member_required(Right.ADMINISTER)
def members(request: Any) -> HttpResponse:
    rows = _members(request).select_related("user").order_by("created_at", "pk")
    people = [
        {
            "member": row,
            "roles": [Role(role).label for role in row.roles],
            "has_password": row.user.has_usable_password(),
        }
        for row in rows
    ]
    return render(request, "accounts/members.html", {"people": people})


@member_required(Right.ADMINISTER)
def invite(request: Any) -> HttpResponse:
    form = InvitationForm(sent(request), offered=_roles())
    if form.is_valid():
        with refusals_on(form):
            invite_member(customer=request.member.customer, **form.cleaned_data)
    if not form.is_bound or form.errors:
        return _form_page(request, form, "accounts/invite.html")
    text = _("%(email)s was invited by mail.") % {"email": form.cleaned_data["email"]}
    messages.success(request, text)
    return redirect("accounts:members")


@member_required(Right.ADMINISTER)
def member_roles(request: Any, public_id: UUID) -> HttpResponse:
    person = _member(request, public_id)
    form = RolesForm(sent(request), offered=_roles(), member=person)
    if form.is_valid():
        with refusals_on(form):
            change_roles(member=person, roles=form.cleaned_data["roles"])
    if not form.is_bound or form.errors:
        return _form_page(request, form, "accounts/roles.html", person=person)
    messages.success(request, _("The roles of %(name)s have been changed.") % {"name": person.name})
    return redirect("accounts:members")


@member_required(Right.ADMINISTER)
def member_remove(request: Any, public_id: UUID) -> HttpResponse:
    person = _member(request, public_id)
    if request.method == "POST":
        remove_member(member=person)
        messages.success(request, _("%(name)s is no longer a member.") % {"name": person.name})
        return redirect("accounts:members")
    context = {
        "title": _("Remove %(name)s?") % {"name": person.name},
        "message": _("%(name)s loses access at once. Orders and documents stay.") % {"name": person.name},
        "label": _("Remove"),
        "tone": "error",
        "cancel_url": reverse("accounts:members"),
    }
    return render(request, "confirm.html", context)


@member_required(Right.ADMINISTER)
def member_invite_again(request: Any, public_id: UUID) -> HttpResponse:
    person = _member(request, public_id)
    if request.method == "POST":
        invite_again(member=person)
        messages.success(request, _("A new link was mailed to %(email)s.") % {"email": person.user.email})
    return redirect("accounts:members")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the invitation's link: set a password, then sign in."""
    try:
        person = invited_member(token)
    except Refusal as refusal:
        status = 410 if refusal.code == Code.LINK_EXPIRED else 404
        return render(request, "accounts/invitation_ended.html", {"code": status}, status=status)
    form = SetPasswordForm(person.user, sent(request))
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        context = {"form": form, "person": person}
        return render(request, "accounts/invitation.html", context, status=status)
    accept_invitation(token=token, password=form.cleaned_data["new_password1"])
    messages.success(request, _("Your password has been set. Please sign in with it."))
    return redirect("account_login")


def _form_page(request: Any, form: Any, template: str, **context: Any) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, template, {"form": form, **context}, status=status)


def _members(request: Any) -> Any:
    return Member.objects.filter(customer=request.member.customer, is_active=True)


def _member(request: Any, public_id: UUID) -> Member:
    found: Member = get_object_or_404(_members(request).select_related("user"), public_id=public_id)
    return found


def _roles() -> list[Role]:
    return offered_roles(policy_on(clock.today()))

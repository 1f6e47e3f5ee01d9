"""Customers and their members: lists and pages. Rooms above add what is owed, ordered and paid."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.urls import path
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter
from unfold.decorators import display

from accounts.admin.customer_field import choices
from accounts.models import AccountingContact, Addressee, Customer, Member, Role
from accounts.names import folded
from accounts.policy.choices import PaymentMethod
from accounts.selectors import customers_of_contact
from billing_project.backoffice import cells
from billing_project.backoffice.columns import add_fact
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Column, Fact, Facts, Prose, Section, Table, section

SHOWN = 20


def method_label(code: str) -> str:
    return str(PaymentMethod(code).label) if code in PaymentMethod.values else code


def role_labels(member: Member) -> str:
    return cells.joined(str(Role(role).label) for role in member.roles)


@admin.register(Customer)
class CustomerAdmin(OperatorAdmin):
    list_display = ("code", "customer_name", "method", "later", "active")
    list_display_links = ("code", "customer_name")
    search_fields = ("code", "name")
    search_help_text = _("Customer number, company name, contact or mail address")
    list_filter = (
        ("later_payment_allowed", BooleanRadioFilter),
        ("is_active", BooleanRadioFilter),
    )
    ordering = ("code",)
    csv_columns = (
        (_("customer number"), "code"),
        (_("company name"), "name"),
        (_("company name (kana)"), "name_kana"),
        (_("postcode"), "postcode"),
        (_("address"), "address"),
        (_("phone"), "phone"),
        (_("payment method"), lambda customer: method_label(customer.payment_method)),
        (_("may pay later"), lambda customer: int(customer.later_payment_allowed)),
        (_("credit limit (yen)"), "credit_limit"),
    )

    def get_urls(self) -> list[Any]:
        wrapped = self.admin_site.admin_view(choices)
        return [path("choices/", wrapped, name="accounts_customer_choices"), *super().get_urls()]

    def held(self, word: str) -> Q:
        return Q(search_key__contains=folded(word)) | Q(pk__in=customers_of_contact(word))

    @display(description=_("company name"), ordering="name")
    def customer_name(self, customer: Customer) -> str:
        return customer.name

    @display(description=_("payment method"), ordering="payment_method")
    def method(self, customer: Customer) -> str:
        return method_label(customer.payment_method)

    @display(description=_("may pay later"), boolean=True, ordering="later_payment_allowed")
    def later(self, customer: Customer) -> bool:
        return customer.later_payment_allowed

    @display(description=_("active"), boolean=True, ordering="is_active")
    def active(self, customer: Customer) -> bool:
        return customer.is_active


@admin.register(Member)
class MemberAdmin(OperatorAdmin):
    list_display = ("name", "company", "email", "role_names", "active")
    search_fields = ("name", "customer", "user__email")
    search_help_text = _("Name, company or mail address")
    list_filter = (("is_active", BooleanRadioFilter),)
    list_select_related = ("customer", "user")
    page_related = ("customer", "user")
    ordering = ("customer__code", "name")
    csv_columns = (
        (_("customer number"), "customer__code"),
        (_("company name"), "customer__name"),
        (_("name"), "name"),
        (_("mail address"), "user__email"),
        (_("roles"), role_labels),
        (_("active"), lambda member: int(member.is_active)),
    )

    @display(description=_("company name"), ordering="customer__name")
    def company(self, member: Any) -> Any:
        return cells.link(member.customer)

    @display(description=_("mail address"))
    def email(self, member: Any) -> str:
        return str(member.user.email)

    @display(description=_("roles"))
    def role_names(self, member: Member) -> str:
        return role_labels(member)

    @display(description=_("active"), boolean=True, ordering="is_active")
    def active(self, member: Member) -> bool:
        return member.is_active


@section(Member, order=10)
def who_it_is(_request: Any, member: Any) -> Section:
    return Facts(
        _("Member"),
        (
            Fact(_("company name"), cells.link(member.customer)),
            Fact(_("mail address"), member.user.email),
            Fact(_("roles"), role_labels(member)),
            Fact(_("active"), _("Yes") if member.is_active else _("No")),
            Fact(_("made"), cells.moments(member.created_at)),
        ),
    )


@section(Customer, order=5)
def customer_ended(_request: Any, customer: Customer) -> Section | None:
    return None if customer.is_active else Prose(_("No longer a customer"), "", "warning")


@section(Customer, order=10)
def company(_request: Any, customer: Customer) -> Section:
    limit = customer.credit_limit
    return Facts(
        _("Company"),
        (
            Fact(_("customer number"), customer.code),
            Fact(_("company name (kana)"), customer.name_kana or "—"),
            Fact(_("corporate number"), customer.corporate_number or "—"),
            Fact(_("postcode"), customer.postcode or "—"),
            Fact(_("address"), customer.address or "—"),
            Fact(_("phone"), customer.phone or "—"),
            Fact(_("payment method"), method_label(customer.payment_method)),
            Fact(_("may pay later"), _("Yes") if customer.later_payment_allowed else _("No")),
            Fact(_("credit limit"), _("No limit") if limit is None else cells.yen(limit)),
            Fact(_("language"), customer.get_language_display()),
            Fact(_("made"), cells.moments(customer.created_at)),
        ),
    )


def _contact() -> Subquery:
    """Name, department and mail address as one value."""
    found = AccountingContact.objects.filter(customer=OuterRef("pk")).order_by("pk")
    return Subquery(found.values(told=JSONObject(name="name", department="department", email="email"))[:1])


add_fact(Customer, "contact_told", _contact)


@section(Customer, order=15)
def contact(_request: Any, customer: Any) -> Section | None:
    found = customer.contact_told
    if found is None:
        return None
    return Facts(
        _("Accounting contact"),
        (
            Fact(_("name"), found["name"]),
            Fact(_("department"), found["department"] or "—"),
            Fact(_("mail address"), found["email"]),
        ),
    )


@section(Customer, order=60)
def members(_request: Any, customer: Customer) -> Section:
    found = Member.objects.filter(customer=customer).select_related("user").order_by("-is_active", "name")
    return Table(
        _("members"),
        [Column(_("name")), Column(_("mail address")), Column(_("roles")), Column(_("active"))],
        [
            (cells.link(each), each.user.email, role_labels(each), _("Yes") if each.is_active else _("No"))
            for each in found
        ],
        empty=_("Nobody signs in for this company yet."),
    )


@section(Customer, order=70)
def addressees(_request: Any, customer: Customer) -> Section:
    found = Addressee.objects.filter(customer=customer).order_by("-pk")[:SHOWN]
    return Table(
        _("Addressees of orders so far"),
        [Column(_("company name")), Column(_("department")), Column(_("name")), Column(_("address"))],
        [(a.company_name, a.department or "—", a.contact_name, f"{a.postcode} {a.address}") for a in found],
        note=_("Documents go to whoever was the accounting contact when the order was placed."),
    )


@section(Member, order=20)
def not_signed_in_yet(_request: Any, member: Any) -> Section | None:
    if member.user.has_usable_password():
        return None
    return Prose(_("No password yet"), _("The invitation has not been used."), "info")

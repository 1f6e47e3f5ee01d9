"""What each step of a set-up shows and saves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import BankAccount, Customer, Issuer, PolicyVersion, Tenant
from accounts.registration import number_problem
from accounts.selectors import branding, contact_of
from accounts.services import NewContact, create_customer
from accounts.services.branding import change_branding
from accounts.services.issuer import change_issuer
from accounts.services.setup import (
    Setup,
    finish,
    has_password,
    make_first_operator,
    make_shop,
    name_bank_account,
)
from accounts.setup.forms import (
    BankForm,
    CustomerForm,
    LookForm,
    OperatorForm,
    PreviewForm,
    SellerForm,
    ShopForm,
)
from billing_project.errors import Text
from billing_project.tenancy.lookup import current_tenant

Cleaned = Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """`saved` gives what the form begins with; `save` gives a warning to show, or nothing."""

    title: Text
    lead: Text
    form: Callable[..., forms.Form]
    saved: Callable[[Setup], dict[str, Any]]
    save: Callable[[Setup, Cleaned], Text]
    may_skip: bool = False


def _shop_saved(setup: Setup) -> dict[str, Any]:
    tenant: Tenant = current_tenant()
    return {"slug": tenant.slug, "name": tenant.name, "preset": PolicyVersion.objects.earliest("pk").preset}


def _save_shop(setup: Setup, cleaned: Cleaned) -> Text:
    make_shop(setup=setup, slug=cleaned["slug"], name=cleaned["name"], preset=cleaned["preset"])
    return ""


def _seller_saved(_setup: Setup) -> dict[str, Any]:
    issuer = Issuer.objects.get()
    return {name: getattr(issuer, name) for name in SellerForm.base_fields}


def _save_seller(_setup: Setup, cleaned: Cleaned) -> Text:
    issuer = change_issuer(**cleaned)
    return number_problem(issuer.registration_number) if issuer.charges_tax else ""


def _bank_saved(_setup: Setup) -> dict[str, Any]:
    account = BankAccount.objects.first()
    return {name: getattr(account, name) for name in BankForm.base_fields} if account else {}


def _save_bank(_setup: Setup, cleaned: Cleaned) -> Text:
    name_bank_account(**cleaned)
    return ""


def _look_saved(_setup: Setup) -> dict[str, Any]:
    now = branding()
    return {"colour": now.colour if now else ""}


def _save_look(_setup: Setup, cleaned: Cleaned) -> Text:
    pictures = {part: cleaned[part].read() if cleaned[part] else None for part in ("logo", "seal")}
    change_branding(**pictures, colour=cleaned["colour"])
    return ""


def _save_operator(setup: Setup, cleaned: Cleaned) -> Text:
    make_first_operator(setup=setup, name=cleaned["name"], password=cleaned.get("password", ""))
    return ""


def _customer_saved(_setup: Setup) -> dict[str, Any]:
    customer = Customer.objects.order_by("pk").first()
    if customer is None:
        return {}
    contact = contact_of(customer)
    return {"name": customer.name, "contact": contact.name, "email": contact.email}


def _save_customer(_setup: Setup, cleaned: Cleaned) -> Text:
    """Made once: a form that comes again, or a step gone back to, makes no second one."""
    if not Customer.objects.exists():
        create_customer(name=cleaned["name"], contact=NewContact(cleaned["contact"], cleaned["email"]))
    return ""


def _finish(_setup: Setup, _cleaned: Cleaned) -> Text:
    finish(tenant=current_tenant())
    return ""


def _nothing(_setup: Setup) -> dict[str, Any]:
    return {}


ALL: Mapping[str, Step] = {
    "shop": Step(
        _("Shop"), _("What it is called, and where it is found."), ShopForm, _shop_saved, _save_shop
    ),
    "seller": Step(
        _("Seller"), _("What your documents print about you."), SellerForm, _seller_saved, _save_seller
    ),
    "bank": Step(
        _("Bank account"), _("Where customers transfer to."), BankForm, _bank_saved, _save_bank, True
    ),
    "look": Step(_("Logo and seal"), _("How your documents look."), LookForm, _look_saved, _save_look, True),
    "operator": Step(
        _("Your account"), _("Who signs in to the admin first."), OperatorForm, _nothing, _save_operator
    ),
    "customer": Step(
        _("First customer"),
        _("To whom the first documents go. No mail is sent yet."),
        CustomerForm,
        _customer_saved,
        _save_customer,
        True,
    ),
    "preview": Step(
        _("Test invoice"),
        _("How an invoice of yours would look. It is a sample without a number; nothing was issued."),
        PreviewForm,
        _nothing,
        _finish,
    ),
}


def form_of(step: str, setup: Setup, *sent: Any, initial: dict[str, Any]) -> forms.Form:
    options = {"has_password": has_password(setup)} if step == "operator" else {}
    return ALL[step].form(*sent, initial=initial, **options)

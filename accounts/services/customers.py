"""Customers, their accounting contact, and the addressee that orders remember."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountingContact, Addressee, Customer, Member
from accounts.policy.choices import PaymentMethod
from accounts.selectors import contact_of, policy_on
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.tenancy.lookup import current_tenant


@dataclass(frozen=True)
class NewContact:
    """An accounting contact as entered; the mail address is where documents are announced."""

    name: str
    email: str
    department: str = ""


@transaction.atomic
def create_customer(
    *,
    name: str,
    contact: NewContact,
    code: str | None = None,
    name_kana: str = "",
    payment_method: str | None = None,
    later_payment_allowed: bool = False,
    credit_limit: int | None = None,
    postcode: str = "",
    address: str = "",
    phone: str = "",
) -> Customer:
    """A customer with its accounting contact.

    Without `code` the next free number is given, without `payment_method` the policy's first, without
    `credit_limit` (yen, with tax) the policy's default. Raises Refusal `invalid_input`.
    """
    policy = policy_on(clock.today(current_tenant().zone))
    if code and Customer.objects.filter(code=code).exists():
        raise Refusal(Code.INVALID_INPUT, _("The customer number %(code)s is taken."), code=code)
    customer: Customer = Customer(
        code=code or _next_code(),
        name=name.strip(),
        name_kana=name_kana,
        payment_method=payment_method or policy.first_method,
        later_payment_allowed=later_payment_allowed,
        credit_limit=policy.credit_limit_default if credit_limit is None else credit_limit,
        postcode=postcode,
        address=address,
        phone=phone,
        created_at=clock.now(),
    )
    _check(customer, contact)
    customer.save()
    AccountingContact.objects.create(
        customer=customer, name=contact.name, email=contact.email, department=contact.department
    )
    record("customer_created", customer, code=customer.code)
    return customer


@transaction.atomic
def change_contact(*, customer: Customer, contact: NewContact) -> AccountingContact:
    """From now on documents of new orders are addressed to this contact, and all mail goes to it (A7)."""
    _check_email(contact.email)
    current: AccountingContact = AccountingContact.objects.select_for_update().get(customer=customer)
    before = {"name": current.name, "email": current.email, "department": current.department}
    current.name, current.email, current.department = contact.name, contact.email, contact.department
    current.save()
    record("contact_changed", customer, before=before, name=contact.name, email=contact.email)
    return current


@transaction.atomic
def allow_later_payment(*, customer: Customer, allowed: bool) -> Customer:
    """An operator lets the customer pay after the closing, or withdraws it (A1)."""
    locked: Customer = Customer.objects.select_for_update().get(pk=customer.pk)
    if locked.later_payment_allowed != allowed:
        locked.later_payment_allowed = allowed
        if not allowed and locked.payment_method == PaymentMethod.LATER_TRANSFER:
            locked.payment_method = policy_on(clock.today(current_tenant().zone)).first_method
        locked.save(update_fields=["later_payment_allowed", "payment_method"])
        record("later_payment_allowed" if allowed else "later_payment_withdrawn", locked)
    return locked


@transaction.atomic
def change_credit_limit(*, customer: Customer, credit_limit: int | None) -> Customer:
    """`credit_limit` in yen with tax; None lifts the limit (S6)."""
    if credit_limit is not None and credit_limit < 0:
        raise Refusal(Code.INVALID_AMOUNT, _("A credit limit is 0 yen or more."))
    locked: Customer = Customer.objects.select_for_update().get(pk=customer.pk)
    before, locked.credit_limit = locked.credit_limit, credit_limit
    locked.save(update_fields=["credit_limit"])
    record("credit_limit_changed", locked, before=before, after=credit_limit)
    return locked


@transaction.atomic
def deactivate_customer(*, customer: Customer) -> Customer:
    """The customer is none any more: its members lose access at once, its documents stay.

    The rooms above say what must be settled first, such as its deposit. Said again, nothing happens.
    """
    locked: Customer = Customer.objects.select_for_update().get(pk=customer.pk)
    if locked.is_active:
        locked.is_active = False
        locked.save(update_fields=["is_active"])
        Member.objects.filter(customer=locked, is_active=True).update(is_active=False)
        record("customer_left", locked)
    return locked


def addressee_of(customer: Customer) -> Addressee:
    """The snapshot of company and accounting contact as they stand now (A7)."""
    contact = contact_of(customer)
    addressee: Addressee = Addressee.objects.get_or_create(
        customer=customer,
        company_name=customer.name,
        department=contact.department,
        contact_name=contact.name,
        postcode=customer.postcode,
        address=customer.address,
    )[0]
    return addressee


def _next_code() -> str:
    serial = Customer.objects.count() + 1
    while Customer.objects.filter(code=f"C{serial:05}").exists():
        serial += 1
    return f"C{serial:05}"


def _check(customer: Customer, contact: NewContact) -> None:
    if not customer.name:
        raise Refusal(Code.INVALID_INPUT, _("Enter the company name."))
    if customer.payment_method not in PaymentMethod.values:
        raise Refusal(Code.METHOD_NOT_OFFERED)
    _check_email(contact.email)


def _check_email(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refusal(
            Code.INVALID_INPUT, _("“%(email)s” is not a mail address. Please correct it."), email=email
        ) from error

"""Requests for a quote: from members and from strangers, answered or declined by an operator (A9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Member
from accounts.selectors import policy_on
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.outbox.services import enqueue
from billing_project.tenancy.lookup import current_tenant
from orders import quote_rules
from orders.models import Product, Quote, QuoteRequest, QuoteRequestState
from orders.quote_rules import QuotedLine
from orders.services.quotes.making import make_quote
from payments.rules.dunning import check_reason

QUOTE_DECLINED = "quote_declined"


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, as entered in the form."""

    company: str
    contact_name: str
    email: str
    postcode: str = ""
    address: str = ""
    comment: str = ""


@transaction.atomic
def ask_for_quote(
    *, product: Product, quantity: int, asking: Asking, member: Member | None = None
) -> QuoteRequest:
    """Keeps a request until an operator answers it. Raises Refusal `invalid_input` or `not_permitted`."""
    quote_rules.valid_until(clock.now(), policy_on(clock.today(current_tenant().zone)))
    quote_rules.check_lines([QuotedLine(product.sku, quantity)], by_operator=False)
    _check(asking)
    asked: QuoteRequest = QuoteRequest.objects.create(
        customer=member.customer if member else None,
        member=member,
        product=product,
        quantity=quantity,
        company=asking.company.strip(),
        contact_name=asking.contact_name.strip(),
        email=asking.email.strip(),
        postcode=asking.postcode.strip(),
        address=asking.address.strip(),
        comment=asking.comment.strip(),
        asked_at=clock.now(),
    )
    record("quote_asked_for", asked, product=product.sku, quantity=quantity)
    return asked


@transaction.atomic
def answer_request(
    *, request: QuoteRequest, customer: Customer, lines: Sequence[QuotedLine], note: str = ""
) -> Quote:
    """An operator's quote for whoever asked, as that customer.

    Raises Refusal `already_decided`, and as `make_quote`.
    """
    locked = _lock(request)
    quote = make_quote(
        customer=customer,
        lines=lines,
        member=locked.member if locked.customer_id == customer.pk else None,
        by_operator=True,
        request=locked,
        note=note,
    )
    locked.customer, locked.state = customer, QuoteRequestState.ANSWERED
    locked.save(update_fields=["customer", "state"])
    return quote


@transaction.atomic
def decline_request(*, request: QuoteRequest, reason: str) -> QuoteRequest:
    """Who asked is mailed the reason. Raises Refusal `already_decided`, or `invalid_input` without one."""
    text = check_reason(reason)
    locked = _lock(request)
    locked.state, locked.reason = QuoteRequestState.DECLINED, text
    locked.save(update_fields=["state", "reason"])
    record("quote_request_declined", locked, reason=text)
    enqueue(occasion=f"{QUOTE_DECLINED}:{locked.pk}", kind=QUOTE_DECLINED, reference=locked.pk)
    return locked


def _lock(request: QuoteRequest) -> QuoteRequest:
    locked: QuoteRequest = QuoteRequest.objects.select_for_update().get(pk=request.pk)
    if locked.state != QuoteRequestState.WAITING:
        raise Refusal(Code.ALREADY_DECIDED, _("This request has already been answered or declined."))
    return locked


def _check(asking: Asking) -> None:
    if not asking.company.strip() or not asking.contact_name.strip():
        raise Refusal(Code.INVALID_INPUT, _("Enter the company name and the contact."))
    quote_rules.check_note(asking.comment)
    try:
        validate_email(asking.email)
    except ValidationError as error:
        raise Refusal(
            Code.INVALID_INPUT, _("“%(email)s” is not a mail address. Please correct it."), email=asking.email
        ) from error

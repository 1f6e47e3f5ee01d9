"""The mails about orders: accepted, about to expire, expired."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import BankAccount, Operator
from accounts.policy.choices import PaymentMethod
from accounts.selectors import contact_of, issuer, language_of, language_of_operators
from billing_project.outbox.builders import Letter, register
from billing_project.outbox.letters import site_url, write_letter
from billing_project.outbox.models import Mail
from orders.models import LineState, Order, OrderLine, Quote, QuoteRequest
from orders.selectors import figures_of, lines_of, missing_for, pays_when_ordered, policy_of_order
from orders.services.quotes.files import ensure_quote_file
from orders.services.quotes.links import create_quote_link
from orders.services.quotes.making import QUOTE_MADE
from orders.services.quotes.requests import QUOTE_DECLINED
from payments.models import CardPayment, CardPurpose

_DAY = timedelta(days=1)


def write_about_order(
    kind: str, order: Order, lines: Collection[OrderLine], *, to_contact: bool = False, **context: Any
) -> Letter:
    """A letter about some lines of an order: to its ordering member, or to the accounting contact."""
    reader = _contact(order) if to_contact else _member(order)
    return write_letter(
        kind,
        **reader,
        company=order.customer.name,
        order=order,
        lines=lines,
        figures=figures_of(order, lines),
        policy=policy_of_order(order),
        order_page=site_url(f"/orders/{order.public_id}/"),
        **context,
    )


def order_accepted(mail: Mail) -> Letter:
    """To the ordering member; the order is final with this mail (S4)."""
    order = _order(mail)
    return write_about_order("order_accepted", order, lines_of(order), **_transfer(order))


def order_expiring(mail: Mail) -> Letter:
    """To the ordering member or the accounting contact: deliver it in time, or it ends (A5)."""
    order = _order(mail)
    assert order.last_delivery_on is not None
    lines = [line for line in lines_of(order) if line.state == LineState.OPEN]
    return write_about_order(
        "order_expiring",
        order,
        lines,
        to_contact=mail.data["to"] == "contact",
        ends_on=order.last_delivery_on + _DAY,
    )


def order_expired(mail: Mail) -> Letter:
    """To the ordering member or the accounting contact: these lines have ended by themselves (A5)."""
    order = _order(mail)
    lines = [line for line in lines_of(order) if line.position in mail.data["lines"]]
    to_contact = mail.data["to"] == "contact"
    back = money_back(order, mail.data.get("returned", 0))
    return write_about_order("order_expired", order, lines, to_contact=to_contact, **back)


def card_to_confirm(mail: Mail) -> Letter:
    """To who ordered: the card company asks for the card holder, and the order waits."""
    order, payment = _order(mail), CardPayment.objects.get(pk=mail.data["payment"])
    return write_about_order(
        "card_to_confirm",
        order,
        lines_of(order),
        to_contact=not _has_member(order),
        amount=payment.amount,
        confirm_url=payment.confirm_url,
    )


def card_refused(mail: Mail) -> Letter:
    """To who ordered: the delivery is off and another card is asked for, or the order has ended (A3)."""
    order, payment = _order(mail), CardPayment.objects.get(pk=mail.data["payment"])
    ended = payment.purpose == CardPurpose.ORDER
    page = site_url(f"/orders/{order.public_id}/" if ended else f"/orders/{order.public_id}/card/")
    return write_about_order(
        "card_refused",
        order,
        lines_of(order),
        to_contact=not _has_member(order),
        card=payment.card,
        card_page=page,
        ended=ended,
    )


def advance_short(mail: Mail) -> Letter:
    """To the accounting contact: what came, and what is missing before the order can be delivered (A20)."""
    order = _order(mail)
    context = {**_transfer(order), "missing": mail.data["missing"]}
    return write_about_order("advance_short", order, lines_of(order), to_contact=True, **context)


def advance_short_told(mail: Mail) -> Letter:
    """The same to an operator."""
    order, operator = _order(mail), Operator.objects.get(pk=mail.data["operator"])
    return write_letter(
        "advance_short_told",
        recipient=operator.user.email,
        language=language_of_operators(),
        company=issuer().name,
        name=operator.user.name or operator.user.email,
        order=order,
        lines=lines_of(order),
        figures=figures_of(order),
        missing=mail.data["missing"],
        order_page=site_url(f"/admin/orders/order/{order.pk}/change/"),
    )


def money_back(order: Order, amount: int) -> dict[str, Any]:
    """What of the money paid before the delivery comes back, in yen, and where."""
    by_card = order.payment_method == PaymentMethod.CARD
    return {
        "to_card": amount if by_card else 0,
        "to_deposit": 0 if by_card else amount,
        "debit": pays_when_ordered(order),
    }


def quote_made(mail: Mail) -> Letter:
    """To who asked (A9); the file is made first, so the link leads to it."""
    quote = Quote.objects.select_related("customer", "addressee").get(pk=mail.reference)
    ensure_quote_file(quote)
    token = create_quote_link(quote=quote, email=quote.recipient)
    return write_letter(
        QUOTE_MADE,
        recipient=quote.recipient,
        language=quote.customer.language,
        company=quote.addressee.company_name,
        name=_asker_of(quote),
        quote=quote,
        link=site_url(f"/q/{token}/"),
    )


def quote_declined(mail: Mail) -> Letter:
    """To who asked, in the customer's language: no quote will come, and why."""
    asked = QuoteRequest.objects.select_related("customer", "product").get(pk=mail.reference)
    return write_letter(
        QUOTE_DECLINED,
        recipient=asked.email,
        language=asked.customer.language if asked.customer else settings.LANGUAGE_CODE,
        company=asked.company,
        name=asked.contact_name,
        asked=asked,
    )


def _asker_of(quote: Quote) -> str:
    if quote.request is not None:
        return str(quote.request.contact_name)
    return quote.member.name if quote.member else str(quote.addressee.contact_name)


def register_mails() -> None:
    register(QUOTE_MADE, quote_made)
    register(QUOTE_DECLINED, quote_declined)
    register("order_accepted", order_accepted)
    register("order_expiring", order_expiring, optional=_("An order is about to expire"))
    register("order_expired", order_expired)
    register("card_to_confirm", card_to_confirm)
    register("card_refused", card_refused)
    register("advance_short", advance_short)
    register("advance_short_told", advance_short_told)


def _transfer(order: Order) -> dict[str, Any]:
    """The sum that an order paid in advance waits for, and where to transfer it."""
    if order.payment_method != PaymentMethod.ADVANCE_TRANSFER:
        return {}
    return {"missing": missing_for(order), "accounts": BankAccount.objects.filter(is_active=True)}


def _has_member(order: Order) -> bool:
    return order.member is not None and order.member.is_active


def _order(mail: Mail) -> Order:
    order: Order = Order.objects.select_related("customer", "member", "addressee").get(pk=mail.reference)
    return order


def _contact(order: Order) -> dict[str, str]:
    contact = contact_of(order.customer)
    return {"recipient": contact.email, "name": contact.name, "language": order.customer.language}


def _member(order: Order) -> dict[str, str]:
    assert order.member is not None
    return {
        "recipient": order.member.user.email,
        "name": order.member.name,
        "language": language_of(order.member),
    }

"""One small function for each verb: it calls the service that the screens call."""

from collections.abc import Callable, Sequence
from typing import Any

from accounts import services as accounts
from accounts.models import Customer
from accounts.policy.choices import PaymentMethod
from billing_project import clock
from billing_project.audit.services import acting_as
from billing_project.errors import Code, Refusal
from billing_project.tenancy.context import tenant_context
from cancellations.services import cancel as cancel_order
from invoices.correction_rules import CorrectedLine
from invoices.models import Document
from invoices.services import paper
from invoices.services.correcting import correct_document, lines_to_correct
from orders.models import Order, Product
from orders.quote_rules import QuotedLine
from orders.services import OrderedLine, place_order
from orders.services import deliver as deliver_order
from orders.services.quotes import make_quote
from payments.models import Payment, PaymentState, Payout, PayoutState
from payments.rules import Destination
from payments.services import dunning, match_by_hand, receive_transfer, request_payout, return_payout
from playbooks.format import Refused
from playbooks.format import verbs as words
from playbooks.format.setup import Line
from playbooks.runner.acting import actor_of
from playbooks.runner.cards import entered_card, take_back_last_charge
from playbooks.runner.invariants import REFUSED_CHARGE, fingerprint
from playbooks.runner.outcome import StoryFailed
from playbooks.runner.work import judge_constraints, perform, run_after_commit
from playbooks.runner.world import World


def order(world: World, fields: words.Order) -> None:
    customer = _customer(world, fields.customer)
    method = fields.pays or customer.payment_method
    by_card = method == PaymentMethod.CARD
    placed = place_order(
        customer=customer,
        member=world.members[fields.member] if fields.member else world.buyers[fields.customer],
        lines=[OrderedLine(line.sku, line.quantity) for line in fields.lines or ()],
        payment_method=method,
        card=entered_card(world, fields.customer, customer, fields.card) if by_card else None,
        quote=world.quotes[fields.from_quote] if fields.from_quote else None,
        purchase_order_number=fields.purchase_order_number or "",
    )
    world.orders[fields.ref] = placed


def quote(world: World, fields: words.Quote) -> None:
    member = world.members[fields.member] if fields.member else world.buyers[fields.customer]
    world.quotes[fields.ref] = make_quote(
        customer=_customer(world, fields.customer),
        member=member,
        lines=[QuotedLine(line.sku, line.quantity, line.unit_price) for line in fields.lines],
        by_operator=fields.by_operator,
    )


def deliver(world: World, fields: words.Deliver) -> None:
    order = _order(world, fields.order)
    deliver_order(order=order, line_position=fields.line, on=fields.on, reason=fields.reason or "")


def cancel(world: World, fields: words.Cancel) -> None:
    order = _order(world, fields.order)
    member = world.members[fields.member] if fields.member else order.member
    cancel_order(order=order, line_position=fields.line, member=member)


def operator_cancel(world: World, fields: words.OperatorCancel) -> None:
    cancel_order(order=_order(world, fields.order), reason=fields.reason)


def transfer(world: World, fields: words.Transfer) -> None:
    world.transfers += 1
    receive_transfer(
        amount=fields.amount,
        payer_name=fields.payer,
        received_on=clock.today(world.zone),
        reference=f"playbook-{world.transfers}",
        customer=_customer(world, fields.customer) if fields.customer else None,
    )


def match(world: World, fields: words.Match) -> None:
    waiting = list(Payment.objects.filter(state=PaymentState.UNMATCHED).order_by("received_on", "pk"))
    if len(waiting) < fields.transfer:
        raise StoryFailed(f"match: there are {len(waiting)} unmatched transfers, not {fields.transfer}")
    match_by_hand(payment=waiting[fields.transfer - 1], customer=_customer(world, fields.customer))


def payout(world: World, fields: words.Payout) -> None:
    account = Destination("0005", "001", "1", "1234567", fields.account_name)
    request_payout(customer=_customer(world, fields.customer), amount=fields.amount, account=account)


def payout_returned(world: World, fields: words.ForCustomer) -> None:
    paid = Payout.objects.filter(customer=_customer(world, fields.customer), state=PayoutState.PAID)
    last = paid.order_by("executed_on", "pk").last()
    if last is None:
        raise StoryFailed(f"payout_returned: nothing has been paid out to {fields.customer}")
    return_payout(payout=last)


def change_contact(world: World, fields: words.ChangeContact) -> None:
    contact = accounts.NewContact(name=fields.name, email=fields.email)
    accounts.change_contact(customer=_customer(world, fields.customer), contact=contact)


def set_policy(world: World, fields: dict[str, Any]) -> None:
    accounts.set_policy(changes=fields, valid_from=clock.today(world.zone))


def allow_later_payment(world: World, fields: words.AllowLaterPayment) -> None:
    accounts.allow_later_payment(customer=_customer(world, fields.customer), allowed=fields.allowed)


def chargeback(world: World, fields: words.ForCustomer) -> None:
    take_back_last_charge(world, _customer(world, fields.customer))


def write_off(world: World, fields: words.WriteOff) -> None:
    dunning.write_off(document=_document(world, fields.customer, fields.document), reason=fields.reason)


def correct(world: World, fields: words.Correct) -> None:
    """Its n-th line takes the place of the n-th that stands; further lines are new ones of today."""
    document = _document(world, fields.customer, fields.document)
    standing = [each.line for each in lines_to_correct(document)]
    lines = [_corrected(line, standing[place : place + 1]) for place, line in enumerate(fields.lines)]
    correct_document(document=document, lines=lines, reason=fields.reason)


def halt_dunning(world: World, fields: words.HaltDunning) -> None:
    dunning.halt_dunning(document=_document(world, fields.customer, fields.document), reason=fields.reason)


def resume_dunning(world: World, fields: words.OfDocument) -> None:
    dunning.resume_dunning(document=_document(world, fields.customer, fields.document))


def ask_for_paper(world: World, fields: words.OfDocument) -> None:
    paper.ask_for_paper(document=_document(world, fields.customer, fields.document))


def print_day(_world: World, fields: words.PrintDay) -> None:
    paper.print_day(day=fields.day)


def beat(world: World, fields: words.Beat) -> None:
    world.beat_runs = fields.running


VERBS: dict[str, Callable[[World, Any], None]] = {
    "order": order,
    "quote": quote,
    "deliver": deliver,
    "cancel": cancel,
    "operator_cancel": operator_cancel,
    "transfer": transfer,
    "match": match,
    "payout": payout,
    "payout_returned": payout_returned,
    "change_contact": change_contact,
    "set_policy": set_policy,
    "allow_later_payment": allow_later_payment,
    "chargeback": chargeback,
    "write_off": write_off,
    "correct": correct,
    "halt_dunning": halt_dunning,
    "resume_dunning": resume_dunning,
    "ask_for_paper": ask_for_paper,
    "print_day": print_day,
    "beat": beat,
}

KEYS: dict[str, set[str]] = {
    "order": {"ref", "customer", "lines", "from_quote", "pays", "card", "member", "purchase_order_number"},
    "quote": {"ref", "customer", "lines", "by_operator", "member"},
    "deliver": {"order", "line", "on", "reason"},
    "cancel": {"order", "line", "member"},
    "operator_cancel": {"order", "reason"},
    "transfer": {"amount", "payer", "customer"},
    "match": {"transfer", "customer"},
    "payout": {"customer", "amount", "account_name"},
    "payout_returned": {"customer"},
    "change_contact": {"customer", "name", "email"},
    "set_policy": set(),
    "allow_later_payment": {"customer", "allowed"},
    "chargeback": {"customer"},
    "write_off": {"customer", "document", "reason"},
    "correct": {"document", "customer", "reason", "lines"},
    "halt_dunning": {"customer", "document", "reason"},
    "resume_dunning": {"customer", "document"},
    "ask_for_paper": {"customer", "document"},
    "print_day": {"day"},
    "beat": {"running"},
    "wait": set(),
}
"""The fields of each verb that the product has; the rest is not supported yet."""


def act(world: World, verb: str, fields: Any) -> None:
    """Does it. Raises Refusal when the product refuses."""
    with acting_as(actor_of(world, verb, fields)):
        perform(world.tenant, lambda: VERBS[verb](world, fields))


def refuse(world: World, refused: Refused) -> None:
    """Raises StoryFailed unless the verb is refused with this code and changes nothing."""
    with tenant_context(world.tenant):
        before = fingerprint()
        found = _try(world, refused)
        judge_constraints()
        quiet = REFUSED_CHARGE if found == Code.CARD_DECLINED else ()
        after = {table: content for table, content in fingerprint().items() if table not in quiet}
        changed = sorted(table for table, content in after.items() if content != before[table])
    run_after_commit()
    if found != refused.code:
        raise StoryFailed(f"refused: expected {refused.code}, found {found or 'that it went through'}")
    if changed:
        raise StoryFailed(f"refused: expected that nothing changes, found changes in {', '.join(changed)}")


def _try(world: World, refused: Refused) -> str:
    """The code of the refusal; empty when there is none. What the act left behind stays, to be seen."""
    try:
        with acting_as(actor_of(world, refused.verb, refused.fields)):
            VERBS[refused.verb](world, refused.fields)
    except Refusal as refusal:
        return refusal.code.value
    return ""


def _customer(world: World, ref: str) -> Customer:
    return Customer.objects.get(pk=world.customers[ref].pk)


def _document(world: World, ref: str, place: int) -> Document:
    """The n-th document of the customer, from 1."""
    documents = list(Document.objects.filter(customer=world.customers[ref].pk).order_by("pk")[:place])
    if len(documents) < place:
        raise StoryFailed(f"{ref} has {len(documents)} documents, not {place}")
    return documents[-1]


def _corrected(line: Line, standing: Sequence[CorrectedLine]) -> CorrectedLine:
    """In place of the first of these lines, or a new line when there is none."""
    product = Product.objects.get(sku=line.sku)
    old = standing[0] if standing else None
    return CorrectedLine(
        description=product.name,
        quantity=line.quantity,
        unit_price=product.unit_price if line.unit_price is None else line.unit_price,
        tax_category=product.tax_category,
        transaction_date=old.transaction_date if old else clock.today(),
        of=old.of if old else None,
        unit=old.unit if old else "",
    )


def _order(world: World, ref: str) -> Order:
    return Order.objects.get(pk=world.orders[ref].pk)

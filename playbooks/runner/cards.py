"""Cards of a story: entered on the provider's page, and charges taken back."""

from accounts.models import Customer
from payments.gateways.playing import PlayingCard
from payments.models import Card as CardRow
from payments.models import CardPayment, CardPaymentState
from payments.services import cards as services
from playbooks.format.setup import Card
from playbooks.runner.outcome import StoryFailed
from playbooks.runner.world import World


def entered_card(world: World, ref: str, customer: Customer, card: Card | None) -> CardRow:
    """The card of the file, by default the customer's own, entered where it was not yet.

    Raises Refusal when it is not accepted (A2), StoryFailed when the file names none.
    """
    known = {each.ref: each.card for each in world.story.playbook.customers}
    wanted = card or known.get(ref)
    if wanted is None:
        raise StoryFailed(f"{ref} has no card")
    if (ref, wanted) not in world.cards:
        world.cards[ref, wanted] = _enter(world, customer, wanted)
    return CardRow.objects.get(pk=world.cards[ref, wanted].pk)


def take_back_last_charge(world: World, customer: Customer) -> None:
    """The card company takes the last card payment back, and the provider tells us."""
    charged = CardPayment.objects.filter(customer=customer, state=CardPaymentState.SUCCEEDED)
    last = charged.order_by("-settled_at", "-pk").first()
    if last is None:
        raise StoryFailed(f"{world.name_of(customer.pk)} has no card payment that could be charged back")
    body, signature = world.gateway.dispute(last.gateway_id)
    services.receive_event(tenant=world.tenant, body=body, signature=signature)


def _enter(world: World, customer: Customer, card: Card) -> CardRow:
    setup = services.start_setup(customer=customer, member=None, return_url="/", cancel_url="/")
    playing = PlayingCard(funding=card.funding, declined_from=card.declined_from)
    world.gateway.enter(setup.session, playing)
    return services.finish_setup(setup)

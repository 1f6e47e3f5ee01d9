"""How a card is named on a page."""

from django import template

from payments.models import Card

register = template.Library()


@register.filter
def card_expiry(card: Card) -> str:
    """12/2030, as it stands on the card."""
    return f"{card.exp_month:02}/{card.exp_year}"

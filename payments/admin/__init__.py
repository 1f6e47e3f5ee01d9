"""What operators see and do about money."""

from payments.admin import card_pages, cards, dunning, payments

__all__ = ["card_pages", "cards", "dunning", "payments"]

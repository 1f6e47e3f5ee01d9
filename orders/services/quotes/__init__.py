"""Quotes: asked for, made, sent, read (A9)."""

from orders.services.quotes.files import ensure_quote_file, preview_quote
from orders.services.quotes.links import create_quote_link, log_quote_access, quote_link_of, revoke_quote_link
from orders.services.quotes.making import mail_quote_again, make_quote
from orders.services.quotes.requests import Asking, answer_request, ask_for_quote, decline_request

__all__ = [
    "Asking",
    "answer_request",
    "ask_for_quote",
    "create_quote_link",
    "decline_request",
    "ensure_quote_file",
    "log_quote_access",
    "mail_quote_again",
    "make_quote",
    "preview_quote",
    "quote_link_of",
    "revoke_quote_link",
]

"""Texts that documents print: what a person enters must be printable as it is. Pure."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from billing_project.errors import Code, Refusal, Text
from invoices.rendering.formats import printable


def is_printable(text: str) -> bool:
    """Whether the text is one line without control characters and marks of text direction."""
    return printable(text) == text


def check_text(text: str, most: int, name: Text) -> None:
    """Raises Refusal `invalid_input` for a text that is too long or that cannot be printed on one line."""
    if len(text) > most:
        message = _("%(name)s has up to %(most)s characters.")
        raise Refusal(Code.INVALID_INPUT, message, name=str(name), most=most)
    if not is_printable(text):
        message = _("%(name)s has line breaks or control characters. Please remove them.")
        raise Refusal(Code.INVALID_INPUT, message, name=str(name))

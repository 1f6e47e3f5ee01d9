"""The registration number of a seller (登録番号)."""

from __future__ import annotations

import re
import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _
from stdnum.jp import cn

_DIGITS = re.compile(r"^\d{13}$")
_BETWEEN = re.compile(r"[\s\-‐‑‒–—―−ー]")
"""Blanks and what people type for a hyphen."""


class RegistrationNumberField(forms.CharField):
    """Takes a number as people type it; whether it has the official form is checked where it is saved."""

    def __init__(self) -> None:
        super().__init__(
            label=_("registration number"),
            required=False,
            help_text=_("T and 13 digits. Without it documents are no qualified invoices."),
        )

    def to_python(self, value: object) -> str:
        return as_written(super().to_python(value) or "")


def number_problem(number: str) -> str:
    """What is doubtful about the registration number; empty when nothing is.

    A company's number is its corporate number with its check digit; a sole trader's has one of the same kind.
    """
    if not number:
        return str(_("The registration number is missing: documents are no qualified invoices."))
    if not cn.is_valid(number.removeprefix("T")):
        text = _("The check digit of the registration number is wrong. Please compare it with the notice.")
        return str(text)
    return ""


def as_written(text: str) -> str:
    """A number as people type it, such as `t1-2345-6789-0123` or thirteen digits, in its official form."""
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()
    return f"T{plain}" if _DIGITS.match(plain) else plain

"""What forms of every room share: yen as people type it, days, and refusals shown beside the fields."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict

from billing_project.errors import InvalidValue, Refusal
from billing_project.money import parse_yen
from billing_project.rendering import DayInput


class YenField(forms.CharField):
    """Whole yen as people type it: 1,234 or １２３４円. Empty is None."""

    widget = forms.TextInput({"inputmode": "numeric", "class": "num", "autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_yen(text)
        except InvalidValue as error:
            raise forms.ValidationError(error.message) from error


class DayField(forms.DateField):
    widget = DayInput


def search_field(label: Any, placeholder: Any = "") -> forms.CharField:
    widget = forms.TextInput({"type": "search", "placeholder": placeholder})
    return forms.CharField(label=label, required=False, max_length=200, widget=widget)


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: also an empty POST is one."""
    return request.POST if request.method == "POST" else None


@contextmanager
def refusals_on(form: forms.BaseForm) -> Iterator[None]:
    """A refusal inside becomes an error of the form; ask `form.errors` afterwards."""
    try:
        yield
    except Refusal as refusal:
        form.add_error(None, refusal.message)

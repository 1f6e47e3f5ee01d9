"""The field in which operators say which customer: found by number, name or kana while they type."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from accounts.names import folded

FIELD = "customer_code"
OFFERED = 10


class _Input(forms.TextInput):
    """A line with choices below it; without JavaScript the number is typed in full."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        line = super().render(name, value, attrs, renderer)
        return format_html('{}<datalist id="customer-choices"></datalist>', line)


class CustomerField(forms.CharField):
    """The customer whose number was given; None when nothing was and it is not required."""

    def __init__(self, **options: Any) -> None:
        attrs = {
            "list": "customer-choices",
            "autocomplete": "off",
            "hx-get": reverse_lazy("admin:accounts_customer_choices"),
            "hx-trigger": "input changed delay:250ms",
            "hx-target": "#customer-choices",
        }
        label, told = _("customer (name or number)"), {"help_text": _("Type, then choose."), **options}
        super().__init__(label=label, max_length=100, widget=_Input(attrs), **told)

    def clean(self, value: Any) -> Any:
        code = super().clean(value)
        if not code:
            return None
        found = Customer.objects.filter(code=code).first()
        if found is None:
            raise forms.ValidationError(_("There is no customer %(code)s."), params={"code": code})
        return found


def choices(request: Any) -> HttpResponse:
    """The customers that what was typed may mean, as choices of the field."""
    if FIELD not in request.GET:
        return HttpResponse(status=404)
    sought = folded(request.GET[FIELD][:100])
    found = Customer.objects.filter(search_key__contains=sought).order_by("code")
    customers = found[:OFFERED] if sought else found.none()
    return render(request, "admin/customer_choices.html", {"customers": customers})

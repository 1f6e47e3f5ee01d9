"""Forms of the admin: ordinary forms that look like the rest of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.widgets import Input
from unfold import widgets

from billing_project.forms import DayField, YenField

_STYLED: tuple[tuple[type[forms.Widget], list[str]], ...] = (
    (forms.CheckboxInput, widgets.CHECKBOX_CLASSES),
    (forms.Textarea, widgets.TEXTAREA_CLASSES),
    (forms.Select, widgets.SELECT_CLASSES),
    (Input, widgets.INPUT_CLASSES),
)


class OperatorForm(forms.Form):
    """A form of the admin; without fields it is a plain question."""

    required_css_class = "required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.restyle()

    def restyle(self) -> None:
        """Gives every field its looks; again when fields have been added."""
        restyled(self)


def restyled(form: forms.Form) -> forms.Form:
    """A form of the control panel as the admin shows it."""
    for field in form.fields.values():
        _style(field)
    return form


def _style(field: forms.Field) -> None:
    if isinstance(field.widget, forms.FileInput | forms.HiddenInput):
        return
    if isinstance(field.widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        field.widget.attrs["class"] = "choices"
        return
    for kind, classes in _STYLED:
        if isinstance(field.widget, kind):
            field.widget.attrs["class"] = " ".join(classes)
            return


__all__ = ["DayField", "OperatorForm", "YenField", "restyled"]

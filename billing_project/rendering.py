"""Forms look the same everywhere: `{{ form }}` and `{{ field.as_field_group }}` use our templates."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    form_template_name = "components/forms/form.html"
    formset_template_name = "components/forms/formset.html"
    field_template_name = "components/forms/field.html"


class DayInput(forms.DateInput):
    """The browser's own calendar; it reads and writes 2026-11-01 whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")

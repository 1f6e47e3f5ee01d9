"""Logo, seal image, colour and the form of dates, on the issuer's page."""

from __future__ import annotations

import base64
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget

from accounts.models import Branding, DateForm, Issuer
from accounts.selectors import branding, branding_without_pictures
from accounts.services.branding import change_branding
from billing_project.backoffice.acts import Question, ask, may_administer, page_of, row_act
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.pages import Insert, Prose, Section, section


class PictureField(forms.FileField):
    widget = UnfoldAdminFileFieldWidget

    def __init__(self, **options: Any) -> None:
        empty = _("The file is empty. Please upload a PNG or JPEG file.")
        super().__init__(required=False, error_messages={"empty": empty}, **options)


class BrandingForm(OperatorForm):
    logo = PictureField(
        label=_("logo"),
        help_text=_("PNG or JPEG, up to 500 kB. Printed 14 mm high above the seller's name."),
    )
    no_logo = forms.BooleanField(label=_("Print no logo"), required=False)
    seal = PictureField(
        label=_("seal image"), help_text=_("PNG with a transparent or white ground. Printed 20 mm wide.")
    )
    no_seal = forms.BooleanField(label=_("Print no seal"), required=False)
    colour = forms.CharField(
        label=_("colour"),
        max_length=7,
        required=False,
        help_text=_("# and six digits, such as #1a4d8f, dark enough to be read on white. Empty: black."),
    )
    dates = forms.ChoiceField(label=_("dates on documents"), choices=DateForm.choices)


@row_act(Issuer, "branding", _("Logo, seal and colour"), "palette", allowed=may_administer)
def edit_branding(request: Any, issuer: Issuer) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> Any:
        change_branding(
            logo=_sent(cleaned, "logo"),
            seal=_sent(cleaned, "seal"),
            colour=cleaned["colour"],
            dates=DateForm(cleaned["dates"]),
        )
        return _("Saved. The sample document shows how it looks.")

    now = branding_without_pictures() or Branding()
    initial = {"colour": now.colour, "dates": now.dates}
    form = BrandingForm(request.POST or None, request.FILES or None, initial=initial)
    lead = _("Documents issued from now on print this; those that were issued stay as they are.")
    question = Question(_("Logo, seal and colour"), form, act, page_of(issuer), lead, button=_("Save"))
    return ask(request, question, original=issuer, opts=issuer._meta)


def _sent(cleaned: dict[str, Any], part: str) -> bytes | None:
    """What the service is told of a picture: new bytes, empty to take it away, None to leave it."""
    if cleaned[part]:
        content: bytes = cleaned[part].read()
        return content
    return b"" if cleaned[f"no_{part}"] else None


@section(Issuer, order=20)
def how_it_looks(_request: Any, _issuer: Issuer) -> Section:
    now = branding()
    if now is None:
        return Prose(_("Logo, seal and colour"), _("None yet: documents are printed in black."))
    context = {
        "logo": _data_url(now.logo),
        "seal": _data_url(now.seal),
        "colour": now.colour,
        "dates": now.get_dates_display(),
    }
    return Insert(_("Logo, seal and colour"), "admin/branding.html", context)


def _data_url(png: bytes | memoryview | None) -> str:
    return f"data:image/png;base64,{base64.b64encode(bytes(png)).decode('ascii')}" if png else ""

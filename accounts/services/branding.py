"""Logo, seal, colour and the form of dates, from the next document on; those issued keep their version."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.colours import LEAST_CONTRAST, contrast_to_white, darkened, is_colour
from accounts.look import forget_look
from accounts.models import Branding, DateForm, Issuer
from accounts.pictures import LOGO, SEAL, Place, normalised
from accounts.selectors import branding
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.tenancy.context import current_tenant_id

_PARTS = ("logo", "seal", "colour", "dates")


@transaction.atomic
def change_branding(
    *,
    logo: bytes | None = None,
    seal: bytes | None = None,
    colour: str | None = None,
    dates: DateForm | None = None,
) -> Branding:
    """Adds a version. None leaves a part as it is; empty takes it away.

    Raises Refusal `image_not_accepted`, `image_too_large`, `image_too_small` or `image_not_visible` for a
    picture, `invalid_input` or `colour_too_light` for the colour.
    """
    issuer: Issuer = Issuer.objects.select_for_update().get()
    now = branding() or Branding()
    made = Branding(
        logo=_picture(logo, LOGO) if logo is not None else _bytes(now.logo),
        seal=_picture(seal, SEAL) if seal is not None else _bytes(now.seal),
        colour=_colour(colour) if colour is not None else now.colour,
        dates=dates or now.dates,
        created_at=clock.now(),
    )
    changed = _changed(now, made)
    if not changed:
        return now
    made.save()
    record("branding_changed", issuer, parts=changed)
    forget_look(current_tenant_id())
    return made


def _changed(before: Branding, after: Branding) -> list[str]:
    return [part for part in _PARTS if _comparable(before, part) != _comparable(after, part)]


def _comparable(version: Branding, part: str) -> object:
    value = getattr(version, part)
    return value if isinstance(value, str) else _bytes(value)


def _bytes(stored: bytes | memoryview | None) -> bytes | None:
    return None if stored is None else bytes(stored)


def _picture(content: bytes, place: Place) -> bytes | None:
    return normalised(content, place) if content else None


def _colour(text: str) -> str:
    colour = text.strip().lower()
    if not colour:
        return ""
    if not is_colour(colour):
        raise _refusal(Code.INVALID_INPUT, str(_("Write the colour as # and six digits, such as #1a4d8f.")))
    if contrast_to_white(colour) < LEAST_CONTRAST:
        advice = _("This colour is too light to be read on white. %(darker)s is its darker shade.")
        raise _refusal(Code.COLOUR_TOO_LIGHT, advice % {"darker": darkened(colour)})
    return colour


def _refusal(code: Code, message: str) -> Refusal:
    return Refusal(code, message, problems=[{"field": "colour", "message": message}])

"""How the seller's documents and pages look: logo, seal image, colour, and the form of dates."""

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.models import TenantModel

PICTURE_BYTES = 200_000


class DateForm(models.TextChoices):
    WESTERN = "western", _("Western year: 2026年11月1日")
    ERA = "era", _("Japanese era: 令和8年11月1日")


class Branding(TenantModel):
    """A version is never changed, for documents name the one they were issued with; the newest holds (X1).

    Pictures are PNG in sRGB, as `accounts.pictures` makes them; `colour` is `#rrggbb`, or empty for black.
    """

    logo = models.BinaryField(_("logo"), null=True)
    seal = models.BinaryField(_("seal image"), null=True)
    colour = models.CharField(_("colour"), max_length=7, blank=True)
    dates = models.CharField(
        _("dates on documents"), max_length=7, choices=DateForm, default=DateForm.WESTERN
    )
    created_at = models.DateTimeField(_("made"))

    class Meta(TenantModel.Meta):
        verbose_name = _("logo, seal and colour")
        verbose_name_plural = _("logo, seal and colour")
        constraints = [
            *tenant_constraints("accounts_branding", update=()),
            models.CheckConstraint(
                condition=models.Q(colour__regex=r"^(#[0-9a-f]{6})?$"), name="accounts_branding_colour"
            ),
            models.CheckConstraint(
                condition=models.Q(dates__in=DateForm.values), name="accounts_branding_dates"
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("logo"), PICTURE_BYTES), name="accounts_branding_logo_size"
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("seal"), PICTURE_BYTES), name="accounts_branding_seal_size"
            ),
        ]

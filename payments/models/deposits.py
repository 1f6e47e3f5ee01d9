"""What was held of customers' money on the days of record (X11)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.models import TenantModel

WARNED_FROM = 10_000_000
"""Yen; from here on 資金決済法 may ask for a report and security."""


class DepositReport(TenantModel):
    """The deposits at the end of a day of record; `rows` are [customer number, company, yen]."""

    day = models.DateField(_("day of record"))
    customers = models.IntegerField(_("customers"))
    total = models.BigIntegerField(_("total (yen)"))
    rows = models.JSONField(default=list)
    made_at = models.DateTimeField(_("made"))

    class Meta(TenantModel.Meta):
        verbose_name = _("deposit report")
        verbose_name_plural = _("deposit reports")
        constraints = [
            *tenant_constraints("payments_depositreport", update=()),
            models.UniqueConstraint(fields=["tenant", "day"], name="payments_depositreport_once"),
        ]

    def __str__(self) -> str:
        return str(self.day)

    @property
    def is_warned(self) -> bool:
        return self.total >= WARNED_FROM

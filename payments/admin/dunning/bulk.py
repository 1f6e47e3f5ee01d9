"""Halting and resuming for all customers that the board has found."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from billing_project.backoffice.bulk import BulkForm, bulk_act
from payments.models import DunningCase, DunningHalt
from payments.rules.dunning import MAX_REASON
from payments.services.dunning import halt_customer, resume_customer


class HaltForm(BulkForm):
    reason = forms.CharField(label=_("reason"), max_length=MAX_REASON)


def _halted(found: QuerySet[DunningCase]) -> QuerySet[DunningCase]:
    halts = DunningHalt.objects.filter(customer=OuterRef("customer"), resumed_on=None)
    return found.filter(Exists(halts))


@bulk_act(
    DunningCase,
    "halt-found",
    _("Halt all"),
    "pause_circle",
    lead=_("Every overdue document of these customers is halted. Their days go on when they are resumed."),
    rows=lambda found: found.filter(closed_at=None),
    form=HaltForm,
)
def halt_found(case: DunningCase, choice: dict[str, Any]) -> None:
    halt_customer(customer=case.customer, reason=choice["reason"])


@bulk_act(
    DunningCase,
    "resume-found",
    _("Resume all"),
    "play_circle",
    lead=_("Every halted document of these customers is asked for again."),
    rows=_halted,
)
def resume_found(case: DunningCase, _choice: dict[str, Any]) -> None:
    resume_customer(customer=case.customer)

"""The style guide: every component with sample data, shown in development and demo only."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing_project import clock
from billing_project.rendering import DayInput

_SAMPLES = (
    ("INV-2026-00123", "株式会社青葉システムズ", 1284360, "issued"),
    ("INV-2026-00122", "みなと情報サービス合同会社", 88000, "overdue"),
    ("INV-2026-00121", "有限会社山手商会", 24695, "paid"),
    ("RET-2026-00007", "株式会社青葉システムズ", -11000, "settled"),
    ("INV-2026-00120", "北海道デジタル協同組合連合会事務局", 132000, "partly_paid"),
    ("INV-2026-00119", "株式会社ひかり", 5500, "cancelled"),
)


_STATES = {
    "issued": gettext_lazy("Issued"),
    "overdue": gettext_lazy("Overdue"),
    "paid": gettext_lazy("Paid"),
    "settled": gettext_lazy("Settled"),
    "partly_paid": gettext_lazy("Partly paid"),
    "cancelled": gettext_lazy("Cancelled"),
}


class SampleFilter(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Search"), required=False, widget=forms.TextInput({"type": "search"})
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", "—"), ("overdue", gettext_lazy("Overdue"))]
    )
    since = forms.DateField(label=gettext_lazy("From date"), required=False, widget=DayInput)
    until = forms.DateField(label=gettext_lazy("To date"), required=False, widget=DayInput)


class SampleForm(forms.Form):
    company = forms.CharField(
        label=gettext_lazy("Company name"), help_text=gettext_lazy("As it is to be printed on documents.")
    )
    email = forms.EmailField(label=gettext_lazy("Mail address"))
    day = forms.DateField(label=gettext_lazy("Date"), required=False, widget=DayInput)
    amount = forms.IntegerField(label=gettext_lazy("Amount (yen)"), required=False)
    product = forms.ChoiceField(
        label=gettext_lazy("Product"), choices=[("dv", "SSL DV 1年"), ("ev", "SSL EV 1年")]
    )
    method = forms.ChoiceField(
        label=gettext_lazy("Payment method"),
        widget=forms.RadioSelect,
        choices=[("later", gettext_lazy("Bank transfer after closing")), ("card", gettext_lazy("Card"))],
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, widget=forms.Textarea({"rows": 3}))
    file = forms.FileField(label=gettext_lazy("File"), required=False)
    confirmed = forms.BooleanField(label=gettext_lazy("The accounting contact above is right."))


def styleguide(request: HttpRequest) -> HttpResponse:
    """`?wrong=1` shows the form as it looks after a refusal."""
    wrong = "wrong" in request.GET
    form = SampleForm({"email": "keiri@"} if wrong else None, initial={"method": "later"})
    return render(request, "styleguide.html", {"form": form, **_samples(clock.now())})


def _samples(now: datetime) -> dict[str, Any]:
    rows = [
        {
            "number": number,
            "customer": customer,
            "amount": amount,
            "state": state,
            "label": _STATES[state],
            "day": now.date(),
        }
        for number, customer, amount, state in _SAMPLES
    ]
    return {
        "rows": rows,
        "total": sum(row["amount"] for row in rows),
        "page": Paginator(range(128), 20).page(2),
        "filter_form": SampleFilter(),
        "now": now,
        "today": now.date(),
        "steps": [_("Products"), _("Accounting contact"), _("Confirm"), _("Done")],
        "facts": [
            (_("Number"), "INV-2026-00123"),
            (_("Issue date"), "2026-11-01"),
            (_("Addressee"), "株式会社青葉システムズ 経理部 佐藤様"),
        ],
        "events": _events(now),
        "chart_labels": [f"2026-{month:02}" for month in range(6, 12)],
        "chart_series": [
            {"label": _("Billed"), "data": [640200, 712800, 655600, 880000, 1203400, 1284360]},
            {"label": _("Paid"), "data": [640200, 712800, 655600, 880000, 1100000, 0]},
        ],
    }


def _events(now: datetime) -> list[dict[str, Any]]:
    return [
        {"at": now, "title": _("Downloaded"), "by": "keiri@example.jp", "tone": "info"},
        {
            "at": now - timedelta(hours=3),
            "title": _("Mail sent"),
            "tone": "success",
        },
        {"at": now - timedelta(hours=4), "title": _("Issued"), "by": _("Closing"), "tone": "neutral"},
    ]


def in_development(request: HttpRequest) -> HttpResponse:
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    return styleguide(request)

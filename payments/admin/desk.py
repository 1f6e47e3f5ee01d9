"""The bank desk: everything of the bank that waits for a person, with what may be done about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing_project.backoffice.acts import act_url, list_act, list_of, may_act, operator_page
from billing_project.backoffice.asking import count_of
from billing_project.backoffice.dashboard import Figure, dashboard
from billing_project.backoffice.forms import DayField, OperatorForm, YenField
from billing_project.listing import page_of
from payments.models import BankCancellation, BankCsvMapping, BankFile, BankUpload, Payment, PaymentState
from payments.rules import printed_name
from payments.selectors import suggestions_for, unmatched_transfers

PER_PAGE = 10


def reads(request: Any) -> bool:
    """Also who only reads may look at the desk."""
    return request.operator is not None


class DeskFilter(OperatorForm):
    q = forms.CharField(label=_("Payer or reference"), required=False, max_length=100)
    account = forms.CharField(label=_("bank account"), required=False, max_length=40)
    first = DayField(label=_("Received from"), required=False)
    last = DayField(label=_("Received to"), required=False)
    least = YenField(label=_("Amount from (yen)"), required=False)
    most = YenField(label=_("Amount to (yen)"), required=False)

    def narrow(self, payments: QuerySet[Payment]) -> QuerySet[Payment]:
        """By all fields that can be read."""
        self.is_valid()
        wanted = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        if text := wanted.get("q"):
            named = payments.filter(payer_name__icontains=printed_name(text))
            payments = named | payments.filter(reference__icontains=text)
        if account := wanted.get("account"):
            payments = payments.filter(account__icontains=account)
        fields = {
            "first": "received_on__gte",
            "last": "received_on__lte",
            "least": "amount__gte",
            "most": "amount__lte",
        }
        return payments.filter(**{fields[name]: wanted[name] for name in fields if name in wanted})


@list_act(Payment, "desk", _("Bank desk"), "inbox", allowed=reads)
def desk(request: Any) -> HttpResponse:
    form = DeskFilter(request.GET)
    waiting = form.narrow(unmatched_transfers().order_by("received_on", "id"))
    page = page_of(request, waiting, PER_PAGE)
    suggested = suggestions_for(list(page))
    return operator_page(
        request,
        "admin/bank_desk.html",
        title=_("Bank desk"),
        opts=Payment._meta,
        form=form,
        page=page,
        rows=[(payment, suggested[payment.pk]) for payment in page],
        doubtful=form.narrow(doubtful()),
        cancellations=open_cancellations(),
        may_act=may_act(request),
        links=_links(request),
    )


def doubtful() -> QuerySet[Payment]:
    found: QuerySet[Payment] = Payment.objects.filter(state=PaymentState.DOUBTFUL)
    found = found.select_related("perhaps_same_as", "bank_file").defer("bank_file__content")
    return found.order_by("received_on", "id")


def open_cancellations() -> QuerySet[BankCancellation]:
    found: QuerySet[BankCancellation] = BankCancellation.objects.filter(settled_at=None)
    found = found.select_related("payment", "bank_file").defer("bank_file__content")
    return found.order_by("booked_on", "id")


def _links(request: Any) -> list[tuple[Any, str]]:
    looked = [(_("Bank files"), list_of(BankFile)), (_("Columns of banks' CSV"), list_of(BankCsvMapping))]
    if not may_act(request):
        return looked
    return [
        (_("Upload bank file"), act_url(BankUpload, "new")),
        (_("Record transfer"), act_url(Payment, "record")),
        *looked,
    ]


def desk_address() -> str:
    return reverse("admin:payments_payment_desk")


@dashboard(Figure, order=60, asks=lambda: {"unmatched": count_of(unmatched_transfers())})
def unmatched_figure(_request: Any, found: dict[str, Any]) -> Iterator[Figure]:
    count = found["unmatched"]
    tone = "warning" if count else ""
    yield Figure(_("Unmatched transfers"), count, "", desk_address(), tone)

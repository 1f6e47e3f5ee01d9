"""What the dashboard says about orders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from billing_project import clock
from billing_project.backoffice.acts import list_of, page_of
from billing_project.backoffice.asking import Count
from billing_project.backoffice.dashboard import Figure, Waiting, dashboard
from billing_project.jobs.runs import RunState
from orders.admin.order_acts import OPEN_STATES
from orders.models import Order, SalesUpload

SOON = timedelta(days=7)


def _open_counts() -> dict[str, Count]:
    undelivered = Order.objects.filter(state__in=OPEN_STATES)
    expiring = undelivered.filter(last_delivery_on__lte=clock.today() + SOON)
    return {"open_orders": Count(undelivered), "expiring_orders": Count(expiring)}


@dashboard(Figure, order=40, asks=_open_counts)
def open_orders(_request: Any, found: dict[str, Any]) -> Iterator[Figure]:
    expiring = found["expiring_orders"]
    note = ngettext("%(count)s expires within a week", "%(count)s expire within a week", expiring)
    yield Figure(
        _("Orders to be delivered"),
        found["open_orders"],
        note % {"count": expiring},
        list_of(Order, "state__exact=open"),
        "warning" if expiring else "",
    )


@dashboard(Waiting, order=40)
def orders_wait(_request: Any) -> Iterator[Waiting]:
    today = clock.today()
    soon = Order.objects.filter(state__in=OPEN_STATES, last_delivery_on__range=(today, today + SOON))
    for order in soon.order_by("last_delivery_on")[:5]:
        text = _("Order %(number)s expires after %(day)s unless it is delivered.")
        yield Waiting(text % {"number": order.number, "day": order.last_delivery_on}, page_of(order))


@dashboard(Waiting, order=45)
def uploads_wait(_request: Any) -> Iterator[Waiting]:
    states = (RunState.UPLOADED, RunState.REFUSED, RunState.FAILED)
    since = clock.now() - SOON
    for upload in SalesUpload.objects.defer("content").filter(state__in=states, asked_at__gte=since)[:5]:
        text = _("The sales file %(name)s has not been imported: %(state)s.")
        words = {"name": upload.file_name, "state": upload.get_state_display()}
        yield Waiting(
            text % words, page_of(upload), "info" if upload.state == RunState.UPLOADED else "danger"
        )

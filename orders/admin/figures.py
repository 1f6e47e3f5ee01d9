"""What the dashboard says about orders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from billing_project import clock
from billing_project.backoffice.acts import list_of
from billing_project.backoffice.asking import Ask, count_of
from billing_project.backoffice.dashboard import Figure, dashboard
from orders.admin.order_acts import OPEN_STATES
from orders.models import Order

SOON = timedelta(days=7)


def _open_counts() -> dict[str, Ask]:
    undelivered = Order.objects.filter(state__in=OPEN_STATES)
    expiring = undelivered.filter(last_delivery_on__lte=clock.today() + SOON)
    return {"open_orders": count_of(undelivered), "expiring_orders": count_of(expiring)}


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

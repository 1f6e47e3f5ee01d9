"""What waits for a person in the matter of orders."""

from __future__ import annotations

from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from billing_project import clock
from billing_project.backoffice.inbox import Kind, waits
from billing_project.jobs.runs import RunState, troubled
from orders.admin.figures import SOON
from orders.admin.order_acts import OPEN_STATES
from orders.models import Order, PendingDelivery, PendingState, QuoteRequest, SalesUpload
from orders.quote_selectors import waiting_requests


def _expiring() -> QuerySet[Order]:
    today = clock.today()
    return Order.objects.filter(state__in=OPEN_STATES, last_delivery_on__range=(today, today + SOON))


def _declined() -> QuerySet[PendingDelivery]:
    """Deliveries stopped by the card, of orders that are still to be delivered and were not tried again."""
    later = PendingDelivery.objects.filter(order=OuterRef("order"), pk__gt=OuterRef("pk"))
    declined = PendingDelivery.objects.filter(state=PendingState.DECLINED, order__state__in=OPEN_STATES)
    return declined.exclude(Exists(later))


def _uploads() -> QuerySet[SalesUpload]:
    return SalesUpload.objects.filter(state=RunState.UPLOADED) | troubled(SalesUpload)


waits(
    1,
    Kind(
        "quote_requests",
        _("Requests for a quote"),
        QuoteRequest,
        waiting_requests,
        since="asked_at",
        what=Concat(F("company"), Value(" "), F("contact_name")),
        why="comment",
        acts=("answer", "decline"),
    ),
)
waits(
    2,
    Kind(
        "expiring_orders",
        _("Orders that expire unless they are delivered"),
        Order,
        _expiring,
        since="ordered_on",
        what=Concat(F("number"), Value(" "), F("customer__name")),
        why=Concat(Value("〜 "), F("last_delivery_on"), output_field=CharField()),
        acts=("deliver", "cancel"),
    ),
)
waits(
    3,
    Kind(
        "declined_deliveries",
        _("Deliveries stopped by the card"),
        Order,
        _declined,
        since="asked_at",
        what=Concat(F("order__number"), Value(" "), F("order__customer__name")),
        amount="amount",
        acts=("deliver", "cancel"),
        key="order_id",
    ),
)
waits(
    4,
    Kind(
        "sales_uploads",
        _("Sales files that are not imported"),
        SalesUpload,
        _uploads,
        since="asked_at",
        what="file_name",
        why="message",
        acts=("import", "discard"),
    ),
)

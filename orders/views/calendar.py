"""The deadlines as a calendar of their own, and as one that calendar programs subscribe to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.access import member_required
from accounts.actors import address_of
from accounts.selectors import language_of
from accounts.services.calendar_links import (
    calendar_link_of,
    make_calendar_link,
    member_of_calendar,
    revoke_calendar_link,
)
from billing_project import clock
from billing_project.outbox.letters import site_url
from billing_project.throttle import too_many
from invoices.panel import open_items
from orders.deadlines import deadlines
from orders.feed import written
from orders.month_sheet import month_sheet
from orders.views.home import wanted_month

_MOST_PER_MINUTE = 30


@never_cache
@member_required()
def calendar(request: Any) -> HttpResponse:
    """A month and all deadlines. POST makes an address to subscribe to, which only this answer shows."""
    today, address = clock.today(), ""
    if request.method == "POST":
        address = site_url(reverse("calendar_feed", args=[make_calendar_link(member=request.member)]))
    ends = deadlines(request.member, open_items(request.member), today)
    context = {
        "deadlines": ends,
        "sheet": month_sheet(wanted_month(request, today), ends, today),
        "address": address,
        "link": calendar_link_of(request.member),
    }
    return render(request, "home/calendar.html", context)


@member_required()
@require_POST
def end_subscription(request: Any) -> HttpResponse:
    revoke_calendar_link(member=request.member)
    messages.success(request, _("The address of your calendar shows nothing any more."))
    return redirect("calendar")


@require_GET
def feed(request: Any, token: str) -> HttpResponse:
    """For calendar programs, without sign-in: what the member of this secret address sees. Unknown: 404."""
    if too_many(f"calendar:{address_of(request)}", most=_MOST_PER_MINUTE, seconds=60):
        return HttpResponse(status=429)
    member = member_of_calendar(token)
    if member is None:
        raise Http404
    with translation.override(language_of(member)):
        name = _("Deadlines at %(seller)s") % {"seller": request.tenant.name}
        content = written(
            deadlines(member, open_items(member), clock.today()),
            name=name,
            site=site_url("").rstrip("/"),
            host=request.get_host().partition(":")[0],
            at=clock.now(),
        )
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="shimebi.ics"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer

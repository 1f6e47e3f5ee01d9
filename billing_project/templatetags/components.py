"""Components that need more than `{% include %}`: blocks with content and tags that know the request.

`docs/frontend.md` shows each of them in use.
"""

from functools import cache, lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.http import HttpRequest, QueryDict
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from structlog.contextvars import get_contextvars

register = template.Library()

TONE_ICONS = {
    "info": "information-circle",
    "success": "check-circle",
    "warning": "exclamation-triangle",
    "error": "exclamation-circle",
    "neutral": "minus",
}
_WAITING = ("info", "clock")
_RUNNING = ("info", "arrow-path")
_DONE = ("success", "check")
_LATE = ("error", "exclamation-circle")
_ATTENTION = ("warning", "exclamation-triangle")
_OVER = ("neutral", "no-symbol")
STATES: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("open", "placed", "ordered", "pending", "waiting", "planned", "scheduled"), _WAITING),
    **dict.fromkeys(("issued", "sent", "queued", "invited", "asked", "written"), _WAITING),
    **dict.fromkeys(("unmatched", "doubtful", "returned"), _ATTENTION),
    **dict.fromkeys(("succeeded", "confirmed"), _DONE),
    **dict.fromkeys(("known", "sent_back", "withdrawn", "discarded"), _OVER),
    "in_file": _RUNNING,
    **dict.fromkeys(("running", "sending", "in_progress"), _RUNNING),
    **dict.fromkeys(("delivered", "paid", "done", "active", "accepted", "settled", "verified"), _DONE),
    **dict.fromkeys(
        ("overdue", "written_off", "failed", "refused", "rejected", "declined", "bounced", "error"), _LATE
    ),
    **dict.fromkeys(("partly_paid", "expiring", "blocked", "suspended", "stopped", "unverified"), _ATTENTION),
    **dict.fromkeys(("cancelled", "expired", "replaced", "revoked", "ended", "inactive", "draft"), _OVER),
}
"""Tone and mark of each state; one that is not listed is neutral."""


@register.simple_tag
def request_number() -> str:
    """The number that the lines of this request have in the log; empty outside of a request."""
    return str(get_contextvars().get("request_id", ""))


@register.simple_tag
@cache
def icon(name: str, css: str = "") -> SafeString:
    """A decorative Heroicon from the list in frontend/icons.js; the words beside it say what it means."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        css,
        static("build/icons.svg"),
        name,
    )


@register.simple_tag
def badge(label: str, tone: str = "neutral", mark: str = "") -> SafeString:
    """A word with a tone: info, success, warning, error or neutral; `mark` is an icon."""
    drawn = icon(mark) if mark else ""
    return format_html('<span class="tag tone-{}">{}{}</span>', tone, drawn, label)


@register.simple_tag
def state_badge(state: str, label: str) -> SafeString:
    """The badge of a state: `{% state_badge order.state order.get_state_display %}`."""
    tone, mark = STATES.get(str(state), ("neutral", ""))
    return badge(label, tone, mark)


@register.simple_block_tag(end_name="endcard")
def card(content: SafeString, title: str = "", more: str = "", href: str = "", **options: Any) -> SafeString:
    """A sheet with a title; `href` and `more` put a link into its head; `flush=True` for tables."""
    return render_to_string(
        "components/card.html",
        {"content": content, "title": title, "more": more, "href": href, **options},
    )


@register.simple_block_tag(end_name="endalert")
def alert(content: SafeString, tone: str = "info", title: str = "") -> SafeString:
    """A notice in the page; errors and warnings are announced to screen readers."""
    return render_to_string(
        "components/alert.html",
        {"content": content, "tone": tone, "title": title, "icon_name": TONE_ICONS[tone]},
    )


@register.simple_block_tag(end_name="endempty_state")
def empty_state(content: SafeString, title: str, mark: str = "inbox") -> SafeString:
    """What a list says when it has nothing: why, and what to do next."""
    return render_to_string("components/empty_state.html", {"content": content, "title": title, "mark": mark})


@register.simple_block_tag(takes_context=True, end_name="endconfirm_dialog")
def confirm_dialog(
    context: Context, content: SafeString, id: str, title: str, action: str, label: str, tone: str = "primary"
) -> SafeString:
    """A native dialog that posts to `action`; opened by a link with `data-dialog="<id>"`."""
    return render_to_string(
        "components/confirm_dialog.html",
        {
            "content": content,
            "id": id,
            "title": title,
            "action": action,
            "label": label,
            "tone": tone,
            "csrf_token": context.get("csrf_token"),
        },
    )


@register.simple_block_tag(end_name="endbreadcrumbs")
def breadcrumbs(content: SafeString) -> SafeString:
    """The way to this page: `{% crumb %}`s inside; the page itself is its heading and not repeated."""
    return render_to_string("components/breadcrumbs.html", {"content": content})


@register.simple_tag
def crumb(label: str, href: str) -> SafeString:
    return format_html('<li><a href="{}">{}</a></li>', href, label)


@register.simple_tag(takes_context=True)
def nav_link(
    context: Context, url_name: str, label: str, mark: str = "", css: str = "menu-item", exact: bool = False
) -> SafeString:
    """An entry of a navigation list; nothing when the address does not exist on this host."""
    try:
        href = reverse(url_name)
    except NoReverseMatch:
        return SafeString()
    path = context["request"].path if "request" in context else ""
    return _entry(href, str(label), mark, css, path == href if exact else path.startswith(href))


@lru_cache(maxsize=1000)
def _entry(href: str, label: str, mark: str, css: str, current: bool) -> SafeString:
    """Written once: a page has thirty of them."""
    entry = {"href": href, "label": label, "mark": mark, "css": css, "current": current}
    return render_to_string("components/nav_link.html", entry)


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(context: Context, key: str, label: str, css: str = "", default: str = "") -> dict[str, Any]:
    """A column head that sorts: `?sort=key`, again `?sort=-key`; `default` is the order without `?sort`."""
    request = context["request"]
    now = request.GET.get("sort") or default
    order = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    following = f"-{key}" if now == key else key
    href = _address(request, sort=following, page=None)
    return {"key": key, "label": label, "css": css, "order": order, "href": href}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any]) -> dict[str, Any]:
    """Links to the pages of a list, keeping search, filters and order; nothing for a single page."""
    request = context["request"]
    return {
        "page": page,
        "links": [_page_link(request, page, number) for number in _numbers(page)],
        "previous": _address(request, page=page.number - 1) if page.has_previous() else "",
        "next": _address(request, page=page.number + 1) if page.has_next() else "",
    }


@register.inclusion_tag("components/chart.html")
def chart(
    id: str, title: str, head: str, labels: list[str], series: list[dict[str, Any]], kind: str = "bar"
) -> dict[str, Any]:
    """A chart of yen and the same figures as a table; `series` is [{"label": …, "data": […]}]."""
    rows = [
        {"label": label, "cells": [{"label": s["label"], "amount": s["data"][number]} for s in series]}
        for number, label in enumerate(labels)
    ]
    data = {"type": kind, "labels": labels, "series": series}
    return {"id": id, "title": title, "head": head, "data": data, "series": series, "rows": rows}


def _numbers(page: Page[Any]) -> list[int | str]:
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


def _page_link(request: HttpRequest, page: Page[Any], number: int | str) -> dict[str, Any]:
    if not isinstance(number, int):
        return {"label": number, "href": ""}
    return {"label": number, "href": _address(request, page=number), "current": number == page.number}


def _address(request: HttpRequest, **changes: str | int | None) -> str:
    """The present query with some values changed; None removes one."""
    query: QueryDict = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"

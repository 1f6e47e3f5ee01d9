"""Every page of a tenant's host, found by the addresses that are served: a new page is found unnamed.

An address with arguments is tried with rows of the tenant until it opens; what does not open is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, StringConverter, UUIDConverter

from accounts.models import Branding, Member
from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.models import PublicIdModel, TenantModel

URLS = "billing_project.urls"
ROWS = 3
TRIES = 80


@dataclass(frozen=True, slots=True)
class Page:
    """`route` names it (`invoices:detail`), with `?` for a search; `who`: member, visitor or operator."""

    route: str
    who: str
    path: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What the pages are about: a member and the newest rows of its customer, and tokens of secret addresses.

    `word` is what lists and searches are asked for.
    """

    member: Member
    tokens: Sequence[str]
    word: str


Look = Callable[[str, str], str]
"""`look(who, path)` fetches it: empty for a page, else the status, or the type of a file."""


@dataclass(frozen=True, slots=True)
class Route:
    """`room` is the package of its view."""

    name: str
    room: str
    arguments: dict[str, Any]

    @property
    def in_admin(self) -> bool:
        return self.name.startswith("admin:")

    @property
    def asked_for(self) -> str:
        """The parameter of its search; empty for none."""
        if self.name == "admin:search":
            return "s"
        return "q" if self.name.endswith((":list", "_changelist")) else ""


def routes() -> Iterator[Route]:
    """All that have a name."""
    yield from _routes(get_resolver(URLS).url_patterns, "")


def _routes(patterns: Sequence[URLPattern | URLResolver], space: str) -> Iterator[Route]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _routes(each.url_patterns, f"{space}{each.namespace}:" if each.namespace else space)
        elif each.name:
            room = getattr(each.callback, "__module__", "").split(".")[0]
            yield Route(f"{space}{each.name}", room, dict(each.pattern.converters))


def find_pages(
    shown: Shown, look: Look, only: re.Pattern[str] = re.compile("")
) -> Iterator[Page | tuple[str, str]]:
    """Each page, or the name of what is none with what it answered. To be called outside of a tenant."""
    for route in filter(lambda each: only.search(each.name), routes()):
        found, why = _first_that_opens(route, shown, look)
        if found is None:
            yield route.name, why
            continue
        yield found
        if route.asked_for:
            query = urlencode({route.asked_for: shown.word})
            yield Page(f"{route.name}?", found.who, f"{found.path}?{query}")


def _first_that_opens(route: Route, shown: Shown, look: Look) -> tuple[Page | None, str]:
    why = ""
    with tenant_context(shown.member.tenant_id):
        addresses = list(islice(_addresses(route, shown), TRIES))
    for who in ("operator",) if route.in_admin else ("member", "visitor"):
        for path in addresses:
            if not (answer := look(who, path)):
                return Page(route.name, who, path), ""
            why = why or answer
            if not answer.isdigit():
                return None, answer  # a file
    return None, why or "no address"


def _addresses(route: Route, shown: Shown) -> Iterator[str]:
    values = [_values(route, name, converter, shown) for name, converter in route.arguments.items()]
    for chosen in product(*values):
        try:
            yield reverse(route.name, urlconf=URLS, kwargs=dict(zip(route.arguments, chosen, strict=True)))
        except NoReverseMatch:
            return


def _values(route: Route, name: str, converter: Any, shown: Shown) -> Iterator[Any]:
    if route.in_admin and name == "object_id":
        yield from _rows(_model_of(route))
    elif isinstance(converter, UUIDConverter):
        yield from _public_ids(route.room, shown)
    elif isinstance(converter, IntConverter):
        yield from [1, *Branding.objects.order_by("-pk").values_list("pk", flat=True)[:1]]
    elif type(converter) is StringConverter:
        yield from shown.tokens


def _model_of(route: Route) -> type[Model]:
    """The model of the admin whose address it is; of two that begin alike the longer."""
    names = {f"admin:{each._meta.app_label}_{each._meta.model_name}_": each for each in admin.site._registry}
    return names[max((name for name in names if route.name.startswith(name)), key=len)]


def _rows(model: type[Model]) -> Sequence[int]:
    return list(model._default_manager.order_by("-pk").values_list("pk", flat=True)[:ROWS])


def _public_ids(room: str, shown: Shown) -> Iterator[Any]:
    """Of the newest rows of the customer, those of the view's own room first."""
    models = [
        each
        for each in apps.get_models()
        if issubclass(each, PublicIdModel) and issubclass(each, TenantModel)
    ]
    for model in sorted(models, key=lambda each: each._meta.app_label != room):
        rows = model._default_manager.order_by("-pk")
        if any(field.name == "customer" for field in model._meta.get_fields()):
            rows = rows.filter(customer=shown.member.customer_id)
        yield from rows.values_list("public_id", flat=True)[:ROWS]

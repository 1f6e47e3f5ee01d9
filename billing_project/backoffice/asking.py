"""Many small questions put to the database as one: each is a subquery of a single row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.apps import apps
from django.db.models import BigIntegerField, Model, QuerySet, Subquery
from django.db.models.expressions import BaseExpression, Combinable

from billing_project.tenancy.context import current_tenant_id

Asks = Callable[[], Mapping[str, BaseExpression | Combinable]]
"""Names and what is asked for each; built in the tenant's context."""


class Count(Subquery):
    """How many rows a question finds; it stops counting at `most`."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = BigIntegerField()

    def __init__(self, rows: QuerySet[Any], most: int | None = None) -> None:
        super().__init__(rows.order_by().values("pk")[:most])


class Total(Subquery):
    """The sum of a field over the rows that a question finds; 0 for none."""

    template = "(SELECT coalesce(sum(summed.amount), 0)::bigint FROM (%(subquery)s) AS summed (amount))"
    output_field = BigIntegerField()

    def __init__(self, rows: QuerySet[Any], field: str) -> None:
        super().__init__(rows.order_by().values(field))


def answers(asks: Mapping[str, Any]) -> dict[str, Any]:
    """All the answers, by name, with one question."""
    if not asks:
        return {}
    tenant: type[Model] = apps.get_model("accounts", "Tenant")
    found: dict[str, Any] = tenant._default_manager.filter(pk=current_tenant_id()).values(**asks).get()
    return found

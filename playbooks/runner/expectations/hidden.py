"""`hidden_from_others`: a neighbour of the story's tenant sees none of its rows (X6)."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext

from django.apps import apps
from django.db import connection

from accounts.models import Tenant
from accounts.services import create_tenant
from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.models import TenantModel
from playbooks.runner.world import World


def check_hidden(world: World, _expected: bool) -> list[str]:
    """Nobody but the tenant sees its rows: no neighbour, and nobody who does not say who he is."""
    playbook = world.story.playbook
    slug = f"{world.tenant.slug}-next"
    neighbour = Tenant.objects.filter(slug=slug).first() or create_tenant(
        slug=slug, name="隣", preset=playbook.preset, since=playbook.start
    )
    with tenant_context(world.tenant):
        own = _visible(world.tenant)
    if not own:
        return ["hidden_from_others: expected rows of the tenant, found none"]
    return [*_seen_by("a neighbour", tenant_context(neighbour), world.tenant), *_nameless(world.tenant)]


def _nameless(tenant: Tenant) -> Iterator[str]:
    return _seen_by("nobody", nullcontext(), tenant)


def _seen_by(who: str, context: AbstractContextManager[None], tenant: Tenant) -> Iterator[str]:
    with context:
        seen = _visible(tenant)
    for table, count in seen.items():
        yield f"hidden_from_others: expected nothing, found that {who} sees {count:,} rows of {table}"


def _visible(tenant: Tenant) -> dict[str, int]:
    """How many of the tenant's rows can be seen here, by table; asked in SQL, past our own managers."""
    tables = [model._meta.db_table for model in apps.get_models() if issubclass(model, TenantModel)]
    counts = (
        f"SELECT '{table}', count(*) FROM {connection.ops.quote_name(table)} WHERE tenant_id = %s"  # noqa: S608
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(counts), [tenant.pk] * len(tables))
        return {table: count for table, count in cursor.fetchall() if count}

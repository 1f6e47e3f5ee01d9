from collections.abc import Iterator

import pytest

from accounts.models import Customer, Tenant
from billing_project import clock
from billing_project.tenancy.context import tenant_context
from tests.acts import at
from tests.factories import make_customer
from tests.orders.factories import make_shop

MADE = at("2026-11-01 10:00:30")


@pytest.fixture
def tenant() -> Tenant:
    """A certificate shop that is a registered issuer."""
    return make_shop()


@pytest.fixture
def november(tenant: Tenant) -> Iterator[None]:
    with tenant_context(tenant), clock.frozen(MADE):
        yield


@pytest.fixture
def acme(november: None) -> Customer:
    return make_customer()

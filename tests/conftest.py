from collections.abc import Iterator

import pytest

from accounts.models import Tenant
from billing_project.tenancy.context import tenant_context
from tests.factories import make_tenant


@pytest.fixture
def tenant() -> Tenant:
    """A certificate shop of this test's own."""
    return make_tenant()


@pytest.fixture
def in_tenant(tenant: Tenant) -> Iterator[Tenant]:
    """The whole test runs in one transaction of its tenant, committed at the end."""
    with tenant_context(tenant):
        yield tenant

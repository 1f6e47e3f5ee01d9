from collections.abc import Iterator

import pytest

from accounts.models import Tenant
from billing_project import clock
from billing_project.tenancy.context import tenant_context
from ledger.verification import verify
from tests.orders.by_card import NOON
from tests.orders.factories import make_shop


@pytest.fixture
def tenant() -> Tenant:
    """A certificate shop that is a registered issuer."""
    return make_shop()


@pytest.fixture
def in_shop(tenant: Tenant) -> Iterator[None]:
    with clock.frozen(NOON), tenant_context(tenant):
        yield
        assert verify() == []

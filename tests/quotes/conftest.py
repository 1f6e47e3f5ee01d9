import pytest

from accounts.models import Tenant
from tests.orders.factories import make_shop


@pytest.fixture
def tenant() -> Tenant:
    """A certificate shop that is a registered issuer."""
    return make_shop()

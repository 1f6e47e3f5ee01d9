from collections.abc import Iterator

import pytest

from accounts.models import Tenant
from tests.invoices.shop import assert_books_are_right, make_shop


@pytest.fixture
def shop() -> Iterator[Tenant]:
    """A registered certificate shop; at the end of the test its books must be right."""
    shop = make_shop()
    yield shop
    assert_books_are_right(shop)

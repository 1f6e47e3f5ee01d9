from collections.abc import Iterator

import pytest

from billing_project import clock
from tests.admin.world import NOW, Office, make_busy_office, make_office


@pytest.fixture(autouse=True)
def now() -> Iterator[clock.FrozenClock]:
    with clock.frozen(NOW) as standing:
        yield standing


@pytest.fixture(scope="session")
def seen(database: None) -> Office:
    """For tests that change nothing in it."""
    return make_busy_office()


@pytest.fixture(scope="session")
def elsewhere(database: None) -> Office:
    """Another tenant with the same things."""
    return make_busy_office()


@pytest.fixture
def office() -> Office:
    """For tests that change something."""
    return make_office()


@pytest.fixture
def busy() -> Office:
    """For tests that change rows of other rooms: there are some of every kind."""
    return make_busy_office()

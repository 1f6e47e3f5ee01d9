from collections.abc import Iterator

import pytest

from billing_project import clock
from tests.web.world import NOW, World, make_world


@pytest.fixture(autouse=True)
def now() -> Iterator[clock.FrozenClock]:
    with clock.frozen(NOW) as standing:
        yield standing


@pytest.fixture(scope="session")
def seen(database: None) -> World:
    """For tests that change nothing in it."""
    return make_world()


@pytest.fixture(scope="session")
def elsewhere(database: None) -> World:
    """Another tenant with the same things."""
    return make_world()


@pytest.fixture
def world() -> World:
    """For tests that change something."""
    return make_world()

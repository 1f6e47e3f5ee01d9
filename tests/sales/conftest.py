from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from billing_project import clock
from tests.shared import shared


@pytest.fixture
def shared_sales() -> Path:
    """The month of sales that lies beside the project."""
    return shared("data/sales")


NOVEMBER_5 = datetime(2026, 11, 5, 1, tzinfo=UTC)


@pytest.fixture
def november_5() -> Iterator[None]:
    """The clock stands at 10:00 of 5 November 2026 in Japan."""
    with clock.frozen(NOVEMBER_5):
        yield

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from billing_project import clock


@pytest.fixture
def shared_sales() -> Path:
    """The month of sales that lies beside the project."""
    root = Path(os.environ.get("SHIMEBI_SHARED", Path(__file__).parents[3] / "shared"))
    folder = root / "data" / "sales"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not on this machine")
    return folder


NOVEMBER_5 = datetime(2026, 11, 5, 1, tzinfo=UTC)


@pytest.fixture
def november_5() -> Iterator[None]:
    """The clock stands at 10:00 of 5 November 2026 in Japan."""
    with clock.frozen(NOVEMBER_5):
        yield

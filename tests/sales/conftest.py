import os
from pathlib import Path

import pytest


@pytest.fixture
def shared_sales() -> Path:
    """The month of sales that lies beside the project."""
    root = Path(os.environ.get("SHIMEBI_SHARED", Path(__file__).parents[3] / "shared"))
    folder = root / "data" / "sales"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not on this machine")
    return folder

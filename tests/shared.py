"""Files that stand beside the project; where they are missing, a test says so and is skipped."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("SHIMEBI_SHARED") or Path(__file__).parents[2] / "shared")


def shared(name: str) -> Path:
    """The file or folder of that name; skips the test that asks where it is missing."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{path} is not there")
    return path

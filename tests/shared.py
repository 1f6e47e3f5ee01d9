"""Files that stand beside the project and are not part of it; a test that needs them says so where they miss."""

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

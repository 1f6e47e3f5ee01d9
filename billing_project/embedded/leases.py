"""Who uses the servers of a home, known through file locks, which die with their process."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock file alone; waits for the others."""
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


class Lease:
    """A share in something that several processes use. Forked children keep the share of their parent."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def take(self) -> None:
        if self._descriptor is None:
            self._descriptor = _open(self._path)
            fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def give_back(self) -> bool:
        """Give the share back; True when nobody else holds one. Call it under an exclusive lock."""
        if self._descriptor is None:
            return False
        os.close(self._descriptor)
        self._descriptor = None
        return is_free(self._path)


def is_free(path: Path) -> bool:
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def claim_slot(folder: Path, count: int) -> tuple[int, int]:
    """Take the first free number below `count`; returns it with the descriptor that holds it."""
    for number in range(count):
        descriptor = _open(folder / f"slot-{number}.lock")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            continue
        return number, descriptor
    raise RuntimeError(f"All {count} slots in {folder} are taken: too many test runs at once.")


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

"""What the steps share: where things are, running programs, knowing what is up to date."""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
LOCAL = ROOT / ".local"


class SetupError(RuntimeError):
    """This step cannot be done here; the text says what to do."""


def say(text: str) -> None:
    print(f"setup: {text}", flush=True)


@contextmanager
def alone() -> Iterator[None]:
    """Two setups of one checkout at once would write over each other."""
    try:
        LOCAL.mkdir(exist_ok=True)
        lock = (LOCAL / "setup.lock").open("w")
    except PermissionError as error:
        raise SetupError(f"{error.filename} cannot be written: it belongs to another user.") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run(command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None) -> None:
    """Run it in the checkout; what it says is shown only when it fails. Raises CalledProcessError."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment or os.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        print(done.stdout, file=sys.stderr, flush=True)
        raise subprocess.CalledProcessError(done.returncode, command)


def succeeds(command: Sequence[str | Path]) -> bool:
    """Whether it ends with exit code 0; what it says is not shown."""
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def output(command: Sequence[str | Path]) -> str:
    """What it says; nothing when it is not there."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""


def is_current(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted


def fingerprint(files: Iterable[Path], more: str = "") -> str:
    """Changes when a file of the checkout changes, comes or goes."""
    digest = hashlib.sha256(more.encode())
    for path in sorted(files):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()

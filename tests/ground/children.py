"""Small programs that the tests of this folder start and end."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from billing_project.embedded.places import CHECKOUT

NAMED = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_OPERATOR_URL", "REDIS_URL")


def python(script: str, environment: Mapping[str, str] | None = None) -> "subprocess.Popen[str]":
    """Start a Python program in the checkout; it reads lines from us and we read lines from it.

    It hears Ctrl-C also where we do not, as in a run that a shell put into the background.
    """
    return subprocess.Popen(
        [sys.executable, "-u", "-c", script],
        cwd=CHECKOUT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def without_named_servers(home: Path) -> dict[str, str]:
    """Our environment, as it is where no server is named."""
    rest = {name: value for name, value in os.environ.items() if name not in NAMED}
    return {**rest, "SHIMEBI_HOME": str(home)}


def said(child: "subprocess.Popen[str]") -> str:
    """The next line the program writes."""
    assert child.stdout is not None
    return child.stdout.readline().strip()


def end(child: "subprocess.Popen[str]") -> int:
    """Close the program's input and wait for its end."""
    child.communicate(timeout=60)
    return child.returncode


def is_alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False

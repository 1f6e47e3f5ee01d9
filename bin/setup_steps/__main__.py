"""What bin/setup does: system packages, Python packages, front end, icons, message catalogs.

Each step is skipped while what it was made from is unchanged. These modules use the standard library alone,
because they run before anything is installed.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from front_end import build_front_end
from icons import make_icons
from messages import compile_messages
from python_packages import install_python_packages
from shell import SetupError, alone, say
from system_packages import install_system_packages


def main(arguments: Sequence[str]) -> int:
    with_tests = "--with-tests" in arguments
    try:
        with alone():
            step("System packages", lambda: install_system_packages(with_tests=with_tests))
            step("Python packages", install_python_packages)
            step("Front end", build_front_end)
            step("Icons of the admin", make_icons)
            step("Message catalogs", compile_messages)
    except SetupError as error:
        say(f"stopped. {error}")
        return 1
    except subprocess.CalledProcessError as error:
        say(f"stopped. This failed with exit code {error.returncode}: {' '.join(map(str, error.cmd))}")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def step(name: str, work: Callable[[], str]) -> None:
    """Do one step; `work` returns in a few words what it did."""
    started = time.monotonic()
    result = work()
    say(f"{name}: {result} ({time.monotonic() - started:.1f} s)")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Libraries, fonts and programs that only the distribution has."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from python_packages import can_make_venv
from shell import SetupError, output, run, say, succeeds

FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
FONTS = ("**/*BIZUD*", "**/bizud*", "**/NotoSansCJK*", "**/ipag*")
RARE_FONTS = ("**/NotoSansCJK*",)


@dataclass(frozen=True)
class SystemPackage:
    """Something that apt installs. Without `needed` we go on without it."""

    names: tuple[str, ...]  # the first that this distribution has is taken
    purpose: str
    is_there: Callable[[], bool]
    needed: bool = False
    tests_only: bool = False

    def name(self) -> str:
        return next((name for name in self.names if apt_knows(name)), self.names[0])


def has_library(name: str) -> Callable[[], bool]:
    def is_there() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return is_there


def has_program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def has_font(*fonts: str) -> Callable[[], bool]:
    return lambda: any(True for folder in FONT_FOLDERS for font in fonts for _ in folder.glob(font))


PACKAGES = (
    SystemPackage(
        (f"python3.{sys.version_info.minor}-venv", "python3-venv"),
        "a virtual environment",
        can_make_venv,
        needed=True,
    ),
    SystemPackage(("libpango-1.0-0",), "PDFs", has_library("libpango-1.0.so.0"), needed=True),
    SystemPackage(("libpangoft2-1.0-0",), "PDFs", has_library("libpangoft2-1.0.so.0"), needed=True),
    SystemPackage(("libharfbuzz-subset0",), "fast PDFs", has_library("libharfbuzz-subset.so.0")),
    SystemPackage(
        ("fonts-morisawa-bizud-gothic", "fonts-noto-cjk"), "Japanese text in PDFs", has_font(*FONTS)
    ),
    SystemPackage(("fonts-noto-cjk",), "rare characters of names in PDFs", has_font(*RARE_FONTS)),
    SystemPackage(("gettext",), "Japanese screens", has_program("msgfmt"), needed=True),
    SystemPackage(("poppler-utils",), "tests that read PDFs", has_program("pdftotext"), tests_only=True),
    SystemPackage(
        ("chromium", "chromium-browser"),
        "tests in a browser",
        has_program("chromium", "chromium-browser"),
        tests_only=True,
    ),
)


def install_system_packages(*, with_tests: bool) -> str:
    """Install with apt what is missing, if we may. Raises SetupError when we cannot do without."""
    wanted = [package for package in PACKAGES if with_tests or not package.tests_only]
    missing = [package for package in wanted if not package.is_there()]
    if not missing:
        return "all there"
    apt_install(missing)
    still_missing = [package for package in missing if not package.is_there()]
    if still_missing:
        name_what_is_missing(still_missing)
    installed = [package.name() for package in missing if package not in still_missing]
    return f"installed {' '.join(installed)}" if installed else "going on without"


def name_what_is_missing(missing: Sequence[SystemPackage]) -> None:
    for package in missing:
        say(
            f"missing: {package.name()}, for {package.purpose}{'' if package.needed else ' (can do without)'}"
        )
    command = f"apt-get install --no-install-recommends {' '.join(package.name() for package in missing)}"
    if any(package.needed for package in missing):
        raise SetupError(f"Let somebody who may run this, then start again:\n\n    {command}\n")
    say(f"whoever may can install it: {command}")


def apt_install(packages: Sequence[SystemPackage]) -> None:
    """Install with apt as root, or through a sudo that asks for no password. A failure is only shown."""
    prefix = privilege()
    if prefix is None or not shutil.which("apt-get"):
        return
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    install = [*apt, "install", "-y", "--no-install-recommends"]
    say("apt-get reads its lists")
    attempt([*apt, "update"])
    names = [package.name() for package in packages]
    say(f"apt-get installs {' '.join(names)}")
    if not attempt([*install, *names]):
        # One that cannot be had hinders all others.
        for name in names:
            attempt([*install, name])


def attempt(command: Sequence[str]) -> bool:
    try:
        run(command)
    except subprocess.CalledProcessError as error:
        say(f"{' '.join(command)} failed with exit code {error.returncode}")
        return False
    return True


def privilege() -> list[str] | None:
    """What to write before a command to run it as root; None when we may not."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and succeeds(["sudo", "-n", "true"]):
        return ["sudo", "-n"]
    return None


def apt_knows(name: str) -> bool:
    policy = output(["apt-cache", "policy", name])
    return "Candidate:" in policy and "Candidate: (none)" not in policy

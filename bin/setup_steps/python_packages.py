"""The virtual environment with the packages of requirements.lock."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from shell import ROOT, VENV, fingerprint, is_current, run, say, succeeds

LOCK = ROOT / "requirements.lock"
UV_LOCK = ROOT / "bin/uv.lock"
MACHINES_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
PYTHON = VENV / "bin/python"


def install_python_packages() -> str:
    stamp = VENV / ".shimebi-stamp"
    wanted = fingerprint([LOCK], f"{sys.version_info[:2]} {ROOT}")
    if is_current(stamp, wanted):
        return "up to date"
    if not venv_works():
        make_venv()
    say("installing the packages of requirements.lock")
    install(LOCK)
    stamp.write_text(wanted)
    return "installed"


def venv_works() -> bool:
    """The programs of a virtual environment name its folder: it does not survive a move."""
    activate = VENV / "bin/activate"
    return activate.exists() and str(VENV) in activate.read_text() and succeeds([PYTHON, "--version"])


def make_venv() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    if has_ensurepip():
        run([sys.executable, "-m", "venv", VENV])
    else:
        run(["uv", "venv", "--quiet", "--python", sys.executable, VENV])


def can_make_venv() -> bool:
    """Debian's Python comes without ensurepip; uv needs none."""
    return venv_works() or bool(shutil.which("uv")) or has_ensurepip()


def has_ensurepip() -> bool:
    return succeeds([sys.executable, "-c", "import ensurepip"])


def install(lock: Path, target: Path | None = None) -> None:
    """Install what the lock names, with uv; with pip (slower) where uv does not reach a package index."""
    where: list[str | Path] = ["--target", target] if target else []
    arguments = ["--require-hashes", *where, "-r", lock]
    try:
        command = [uv(), "pip", "install", "--compile-bytecode", "--python", PYTHON, *arguments]
        run(command, environment=certificates())
    except subprocess.CalledProcessError:
        say("uv failed; trying with pip")
        pip_install(*arguments)


def uv() -> str | Path:
    """The machine's uv, or one in the virtual environment."""
    own = VENV / "bin/uv"
    found = shutil.which("uv")
    if found is None and not own.exists():
        pip_install("--require-hashes", "-r", UV_LOCK)
    return found or own


def certificates() -> dict[str, str]:
    """uv brings certificates of its own; where the machine has some, they may know a company's proxy."""
    known = {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"} if MACHINES_CERTIFICATES.exists() else {}
    return {**os.environ, **known}


def pip_install(*arguments: str | Path) -> None:
    if not succeeds([PYTHON, "-m", "pip", "--version"]):
        run([PYTHON, "-m", "ensurepip", "--default-pip"])
    run([PYTHON, "-m", "pip", "install", *arguments])

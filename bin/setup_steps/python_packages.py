"""The virtual environment with the packages of requirements.lock."""

import shutil
import subprocess
import sys
from pathlib import Path

from shell import ROOT, VENV, fingerprint, is_current, run, say, succeeds

LOCK = ROOT / "requirements.lock"
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
    """Install what the lock names, with uv where there is one, else with pip (slower)."""
    where: list[str | Path] = ["--target", target] if target else []
    if shutil.which("uv"):
        try:
            run(["uv", "pip", "install", "--require-hashes", "--python", PYTHON, *where, "-r", lock])
        except subprocess.CalledProcessError:
            say("uv failed; trying with pip")
        else:
            return
    if not succeeds([PYTHON, "-m", "pip", "--version"]):
        run([PYTHON, "-m", "ensurepip", "--default-pip"])
    run([PYTHON, "-m", "pip", "install", "--require-hashes", *where, "-r", lock])

"""bin/setup: what is missing is named exactly, and stops us only when we cannot do without."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from billing_project.embedded.places import CHECKOUT

STEPS = CHECKOUT / "bin/setup_steps"


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module of system packages, on a machine where we may not install anything."""
    monkeypatch.syspath_prepend(str(STEPS))
    import system_packages

    monkeypatch.setattr(system_packages, "privilege", lambda: None)
    monkeypatch.setattr(system_packages, "apt_knows", lambda name: name != "only-elsewhere")
    yield system_packages
    for name in ("system_packages", "python_packages", "shell"):
        sys.modules.pop(name, None)


def package(system: Any, *names: str, **more: Any) -> Any:
    return system.SystemPackage(names, "a purpose", lambda: False, **more)


def test_what_we_need_is_named_with_the_command(system: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = (package(system, "libneeded", needed=True), package(system, "only-elsewhere", "font"))
    monkeypatch.setattr(system, "PACKAGES", wanted)
    with pytest.raises(RuntimeError, match="apt-get install --no-install-recommends libneeded font\n"):
        system.install_system_packages(with_tests=False)


def test_without_the_rest_we_go_on(
    system: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system, "PACKAGES", (package(system, "font"),))
    assert system.install_system_packages(with_tests=False) == "going on without"
    assert "missing: font, for a purpose (can do without)" in capsys.readouterr().out


def test_what_only_tests_need_is_asked_for_by_tests(system: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "PACKAGES", (package(system, "browser", tests_only=True),))
    assert system.install_system_packages(with_tests=False) == "all there"
    assert system.install_system_packages(with_tests=True) == "going on without"


def test_a_machine_without_python_is_told_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "dirname").symlink_to("/usr/bin/dirname")
    (tmp_path / "cat").symlink_to("/bin/cat")
    done = subprocess.run(
        ["/bin/sh", str(CHECKOUT / "bin/setup")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Python 3.11 or newer is missing" in done.stderr
    assert "apt-get install python3 python3-venv" in done.stderr


def test_the_steps_need_nothing_but_python() -> None:
    """They run before anything is installed."""
    script = "import sys; sys.path.insert(0, sys.argv[1]); import front_end, messages, system_packages"
    subprocess.run([sys.executable, "-I", "-S", "-c", script, str(STEPS)], check=True)

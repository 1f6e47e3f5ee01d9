"""bin/demo: the programs live and end together."""

import socket
import sys
from pathlib import Path

import pytest

from billing_project.embedded import demo
from billing_project.embedded.supervisor import Program, Supervisor
from tests.ground.children import is_alive, python, said

SUPERVISED = """
import os, sys
from billing_project.embedded.supervisor import Program, Supervisor
wait = [sys.executable, "-u", "-c", "import os, time; print(os.getpid()); time.sleep(600)"]
supervisor = Supervisor([Program("one", wait), Program("two", wait)], os.environ)
with supervisor.running():
    sys.exit(supervisor.wait())
"""
FOREVER = [sys.executable, "-c", "import time; time.sleep(600)"]


def child(name: str, script: str) -> Program:
    return Program(name, [sys.executable, "-u", "-c", script])


@pytest.mark.parametrize("signal_name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_all_and_is_no_failure(signal_name: str) -> None:
    import signal

    supervisor = python(SUPERVISED)
    pids = [int(said(supervisor).split("|")[1]) for _ in range(2)]
    assert all(is_alive(pid) for pid in pids)
    supervisor.send_signal(getattr(signal, signal_name))
    assert supervisor.wait(30) == 0
    supervisor.communicate()
    assert not any(is_alive(pid) for pid in pids)


def test_a_program_that_ends_takes_the_others_along(capsys: pytest.CaptureFixture[str]) -> None:
    supervisor = Supervisor([Program("stays", FOREVER), child("fails", "raise SystemExit(3)")], {})
    with supervisor.running():
        assert supervisor.wait() == 1
    assert "fails has ended by itself (exit code 3)" in capsys.readouterr().out
    assert not any(is_alive(process.pid) for process in supervisor._children.values())


def test_a_program_that_does_not_end_is_killed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("billing_project.embedded.supervisor.STOP_SECONDS", 0.2)
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(600)"
    )
    ends = "import sys; sys.stdin.read()"
    supervisor = Supervisor([child("deaf", deaf), child("ends", ends)], {})
    with supervisor.running():
        supervisor.wait()
    assert not any(is_alive(process.pid) for process in supervisor._children.values())


def test_every_line_says_whose_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    supervisor = Supervisor([child("a", "print('first'); print('second')"), Program("other", FOREVER)], {})
    with supervisor.running():
        supervisor.wait()
    assert "a     | first\na     | second\n" in capsys.readouterr().out


def test_a_port_in_use_is_said_before_anything_starts(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert demo.main(["--port", str(port)]) == 1
    assert f"Port {port} cannot be used" in capsys.readouterr().err


def test_the_demo_runs_programs_that_exist() -> None:
    assert [program.name for program in demo.programs(8000)] == ["cards", "worker", "beat", "web"]
    assert all(Path(program.command[0]).exists() for program in demo.programs(8000))

"""Real processes on real servers: workers, beat, web, commands; a queue, a mailbox and locks of our own."""

from __future__ import annotations

import email
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
from kombu import Connection

from billing_project.embedded.places import CHECKOUT
from billing_project.embedded.valkey import Valkey

PATIENCE_SECONDS = 120
PAUSE_SECONDS = 0.05
_END_OF_MAIL = re.compile(r"^-{79}\n", re.MULTILINE)


def until(condition: Callable[[], Any], what: str, patience: float = PATIENCE_SECONDS) -> Any:
    """Ask again and again until the condition gives something true, and give that."""
    deadline = time.monotonic() + patience
    while not (found := condition()):
        assert time.monotonic() < deadline, f"In vain: {what}."
        time.sleep(PAUSE_SECONDS)
    return found


class Process:
    """A program of the product in a session of its own; what it writes goes to a file."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], output: Path) -> None:
        self.output = output
        with output.open("w") as file:
            self._process = subprocess.Popen(
                [sys.executable, *command],
                cwd=CHECKOUT,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.pid = self._process.pid

    def lines(self) -> list[str]:
        return self.output.read_text().splitlines()

    def log(self) -> list[dict[str, Any]]:
        """The lines that are JSON objects."""
        return [json.loads(line) for line in self.lines() if line.startswith("{")]

    def events(self, name: str) -> list[dict[str, Any]]:
        return [line for line in self.log() if line["event"] == name]

    def child(self) -> int:
        """The process that does the worker's work."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return int(children[0])

    def says(self, text: str) -> Process:
        def said() -> bool:
            assert self._process.poll() is None, f"It ended before it said {text}:\n{self.output.read_text()}"
            return text in self.output.read_text()

        until(said, f"{self.output} says {text}")
        return self

    def wait(self) -> int:
        return self._process.wait(PATIENCE_SECONDS)

    def kill(self) -> None:
        """As the machine's end would: it and all its children, without a last word."""
        self._signal(signal.SIGKILL)

    def pause(self) -> None:
        self._signal(signal.SIGSTOP)

    def terminate(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()

    def end(self) -> None:
        """In good order, and by force when that takes too long."""
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()

    def _signal(self, number: int) -> None:
        os.killpg(self.pid, number)
        if number == signal.SIGKILL:
            self._process.wait(PATIENCE_SECONDS)


class Machines:
    """Starts programs with the settings of the test, and ends them all."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self.environment = dict(environment)
        self._folder = folder
        self._started: list[Process] = []

    def start(self, *command: str, **changes: str) -> Process:
        output = self._folder / f"program-{len(self._started)}.log"
        process = Process(command, {**self.environment, **changes}, output)
        self._started.append(process)
        return process

    def worker(self) -> Process:
        return self.start_worker().says("ready.")

    def workers(self, count: int) -> list[Process]:
        """Started side by side."""
        return [worker.says("ready.") for worker in [self.start_worker() for _ in range(count)]]

    def start_worker(self) -> Process:
        name = f"--hostname=w{len(self._started)}@localhost"
        quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
        return self.start("-m", "celery", "-A", "billing_project", "worker", "-c1", *quiet, name)

    def beat(self) -> Process:
        schedule = f"--schedule={self._folder / 'schedule'}"
        return self.start("-m", "celery", "-A", "billing_project", "beat", "--pidfile=", schedule)

    def web(self, **changes: str) -> Website:
        quiet = ("--workers=1", "--threads=2", "--no-control-socket")
        process = self.start(
            "-m", "gunicorn", "--bind=127.0.0.1:0", *quiet, "billing_project.wsgi", **changes
        ).says("Booting worker")
        return Website(process)

    def end(self) -> None:
        """All at once: each takes its time."""
        for process in self._started:
            process.terminate()
        for process in self._started:
            process.end()


class Website:
    """A web process, seen through HTTP."""

    def __init__(self, process: Process) -> None:
        self.process = process
        found = re.search(r"Listening at: http://127\.0\.0\.1:(\d+)", process.output.read_text())
        assert found
        self._port = int(found[1])

    def ask(
        self, path: str, host: str = "localhost", form: Mapping[str, str] | None = None, cookie: str = ""
    ) -> tuple[int, str]:
        """Status and body; a redirection is not followed, its address is the body."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_SECONDS)
        headers = {"Host": host, "Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        body = None if form is None else urlencode(form)
        connection.request("GET" if body is None else "POST", path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, answer.headers.get("Location", text)


class Queue:
    """The broker of the test, as somebody who asks for tasks."""

    def __init__(self, url: str) -> None:
        self._url = url

    def ask(self, task: Any, tenant_id: int) -> None:
        with Connection(self._url) as connection:
            task.apply_async(args=[tenant_id], connection=connection)


class Mailbox:
    """What was sent, by Django's file backend."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def messages(self) -> list[Message]:
        texts = [text for file in self.folder.iterdir() for text in _END_OF_MAIL.split(file.read_text())]
        return [email.message_from_string(text) for text in texts if text.strip()]

    def ids(self) -> list[str]:
        """Message-IDs, in order; one that was sent twice stands there twice."""
        return sorted(message["Message-ID"] for message in self.messages())


def start_again(broker: Valkey) -> None:
    """After `stop`, at the same address: `start` would choose a new one."""
    program, configuration = broker._program(), broker.data / "valkey.conf"
    subprocess.run([program, configuration], check=True, cwd=broker.data, **broker.home.run_as())
    until(broker.is_running, "the broker answers")


@contextmanager
def locked(statement: str, parameters: Sequence[Any], tenant_id: int) -> Iterator[int]:
    """A rival transaction that has run the statement and neither commits nor goes on; gives its backend."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute(f"SET LOCAL app.tenant_id = '{tenant_id}'".encode())
        connection.execute(statement.encode(), parameters)
        yield connection.info.backend_pid
        connection.rollback()


def blocked_by(backend: int) -> list[int]:
    """The backends that wait for a lock of this one."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        found = connection.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND %s = ANY(pg_blocking_pids(pid))",
            [backend],
        )
        return [row[0] for row in found]


def bury(backends: Sequence[int]) -> None:
    """Ends the sessions of a dead process now; the server notices only when it has an answer for it."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS pid", [list(backends)])
    until(lambda: gone(backends), "the dead worker's session has ended")


def gone(backends: Sequence[int]) -> bool:
    """Whether these sessions have ended."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s)", [list(backends)]
        ).fetchone()
        return found == (0,)

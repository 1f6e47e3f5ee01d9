"""Several programs as one: their output on one screen, and all end when one ends or we are told to."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from queue import SimpleQueue
from types import FrameType

STOP_SECONDS = 20.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Program:
    """What to run, under the name that stands before its lines."""

    name: str
    command: Sequence[str]


class Supervisor:
    """Runs the programs until one of them ends, or SIGINT, SIGTERM or SIGHUP comes."""

    def __init__(self, programs: Sequence[Program], environment: Mapping[str, str]) -> None:
        self._programs = programs
        self._environment = environment
        self._children: dict[str, subprocess.Popen[str]] = {}
        self._readers: list[threading.Thread] = []
        # The name of a program that has ended, or None when we are told to stop.
        self._events: SimpleQueue[str | None] = SimpleQueue()
        self._width = max(len(program.name) for program in programs)

    @contextmanager
    def running(self) -> Iterator[None]:
        """The programs run inside; all of them have ended after it, whatever happens."""
        before = {number: signal.signal(number, self._told_to_stop) for number in STOP_SIGNALS}
        try:
            for program in self._programs:
                self._start(program)
            yield
        finally:
            self._stop_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    def wait(self) -> int:
        """Exit code: 0 when told to stop, 1 when a program ended by itself."""
        ended = self._events.get()
        if ended is None:
            self.say("Stopping")
            return 0
        self.say(
            f"{ended} has ended by itself (exit code {self._children[ended].wait()}): stopping the others"
        )
        return 1

    def has_news(self) -> bool:
        """Whether `wait` would return at once."""
        return not self._events.empty()

    def say(self, text: str, name: str = "demo") -> None:
        sys.stdout.write(f"{name:<{self._width}} | {text}\n")
        sys.stdout.flush()

    def _start(self, program: Program) -> None:
        # A session of its own: Ctrl-C reaches us alone, and we end the programs in good order.
        child = subprocess.Popen(
            program.command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._children[program.name] = child
        reader = threading.Thread(target=self._copy_output, args=(program.name, child), daemon=True)
        self._readers.append(reader)
        reader.start()

    def _copy_output(self, name: str, child: "subprocess.Popen[str]") -> None:
        assert child.stdout is not None
        for line in child.stdout:
            self.say(line.rstrip("\n"), name)
        self._events.put(name)

    def _stop_all(self) -> None:
        """In the reverse order, so that nobody loses what he needs; SIGKILL for who does not go."""
        for child in reversed(self._children.values()):
            if child.poll() is None:
                child.terminate()
        for name, child in reversed(self._children.items()):
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.say(f"{name} does not end: killing it")
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        for reader in self._readers:
            reader.join(1)

    def _told_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._events.put(None)

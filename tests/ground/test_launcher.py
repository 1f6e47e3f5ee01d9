"""The embedded servers: started for the first who needs them, stopped by the last, never under somebody."""

import json
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen

import psycopg
import pytest
import redis

from billing_project.embedded import EmbeddedError, Home, start_if_needed
from billing_project.embedded.places import may_enter, may_run, reachable_copy, servers_account
from billing_project.embedded.postgres import Postgres
from billing_project.embedded.valkey import Valkey
from tests.ground.children import end, python, said, without_named_servers

USER_OF_SERVERS = """
import json, os, sys
from billing_project.embedded import start_if_needed
start_if_needed()
print(json.dumps([os.environ["DATABASE_URL"], os.environ["REDIS_URL"]]))
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that every user can enter: the servers' user is not us when we are root."""
    with tempfile.TemporaryDirectory(prefix="shimebi-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def home(folder: Path) -> Iterator[Home]:
    """One cluster for all tests of this file; each test leaves it stopped, a failed one may not."""
    home = Home(folder, servers_account())
    yield home
    Postgres(home).stop()
    Valkey(home).stop()


def start_user(home: Home) -> "Popen[str]":
    return python(USER_OF_SERVERS, without_named_servers(home.path))


def urls(child: "Popen[str]") -> tuple[str, str]:
    database, broker = json.loads(said(child))
    return database, broker


def both_run(home: Home) -> tuple[bool, bool]:
    return Postgres(home).is_running(), Valkey(home).is_running()


def postmaster(home: Home) -> int:
    """Process number of the running PostgreSQL."""
    data = Postgres(home).data
    pid = int((data / "postmaster.pid").read_text().split()[0])
    assert Path(f"/proc/{pid}/cwd").samefile(data)
    return pid


def test_whoever_needs_them_starts_and_stops_them(home: Home) -> None:
    user = start_user(home)
    database, broker = urls(user)
    with psycopg.connect(database) as connection:
        row = connection.execute(
            "SELECT current_user, current_setting('TimeZone'), current_setting('data_checksums'),"
            " (SELECT datcollate FROM pg_database WHERE datname = current_database())"
        ).fetchone()
    assert row == ("shimebi_app", "UTC", "on", "C.UTF-8")
    assert redis.Redis.from_url(broker).ping()
    assert Path(f"/proc/{postmaster(home)}").stat().st_uid != 0
    assert Postgres(home).data.stat().st_mode & 0o077 == 0
    assert home.socket_folder().stat().st_mode & 0o077 == 0
    assert end(user) == 0
    assert both_run(home) == (False, False)


def test_they_stay_for_those_who_still_use_them(home: Home) -> None:
    first = start_user(home)
    database, broker = urls(first)
    redis.Redis.from_url(broker).set("kept", "yes")
    second = start_user(home)
    assert urls(second) == (database, broker)
    end(first)
    assert both_run(home) == (True, True)
    end(second)
    assert both_run(home) == (False, False)


def test_what_was_written_is_there_at_the_next_start(home: Home) -> None:
    user = start_user(home)
    database, broker = urls(user)
    with psycopg.connect(database.replace("shimebi_app", "shimebi_owner")) as connection:
        connection.execute("CREATE TABLE kept (word text)")
    redis.Redis.from_url(broker).set("kept", "yes")
    end(user)
    user = start_user(home)
    database, broker = urls(user)
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    assert redis.Redis.from_url(broker).get("kept") == b"yes"
    end(user)


def test_the_next_one_takes_over_from_a_killed_one(home: Home) -> None:
    killed = start_user(home)
    found = urls(killed)
    killed.kill()
    killed.communicate()
    assert both_run(home) == (True, True)
    user = start_user(home)
    assert urls(user) == found
    end(user)
    assert both_run(home) == (False, False)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_them_too(home: Home, number: signal.Signals) -> None:
    user = start_user(home)
    urls(user)
    user.send_signal(number)
    assert user.wait(30) != 0
    user.communicate()
    assert both_run(home) == (False, False)


def test_a_pid_file_left_by_a_crash_does_not_hinder(home: Home) -> None:
    """Its number may belong to another program by now: to this test, say."""
    pid_file = Postgres(home).data / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{Postgres(home).data}\n")
    user = start_user(home)
    urls(user)
    end(user)
    assert both_run(home) == (False, False)


def test_killed_servers_are_started_again(home: Home) -> None:
    user = start_user(home)
    found = urls(user)
    os.kill(postmaster(home), signal.SIGKILL)
    second = start_user(home)
    assert urls(second) == found
    assert both_run(home) == (True, True)
    end(user)
    end(second)


def test_a_path_too_long_for_a_socket(folder: Path) -> None:
    home = Home(folder / ("long" * 25), servers_account())
    assert len(f"{home.socket_folder()}/.s.PGSQL.5432") < 107
    shutil.rmtree(home.socket_folder().parent)


def test_programs_in_a_private_folder_are_copied_to_where_they_can_run(folder: Path) -> None:
    """As root the servers' user cannot enter /root, where a checkout may lie."""
    private = folder / "private"
    private.mkdir(mode=0o700)
    program = private / "tool" / "run"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o755)
    home = Home(folder / "home", servers_account())
    home.path.mkdir()
    (private / "tool.libs").mkdir()
    copy = reachable_copy(home, program.parent, "run")
    if home.account is None:
        assert copy == program.parent
    else:
        assert not may_enter(home.account, private)
        assert may_run(home.account, copy / "run")
        assert (copy.parent / "tool.libs").is_dir()


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_half_named_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for each in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(each)
    monkeypatch.setenv(name, "somewhere")
    with pytest.raises(EmbeddedError, match=f"Only {name} is set"):
        start_if_needed()


def test_named_servers_are_left_to_others() -> None:
    assert start_if_needed() is None

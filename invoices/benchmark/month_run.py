"""The files and mails of a closed month by real workers, one of which dies in the middle."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Count

from accounts.models import Tenant
from billing_project import clock
from billing_project.embedded.places import CHECKOUT, Home, demo_home
from billing_project.embedded.roles import in_database
from billing_project.embedded.valkey import Valkey
from billing_project.outbox.models import Mail, MailState
from billing_project.outbox.tasks import sweep
from billing_project.tenancy.context import tenant_context
from invoices.benchmark.closing import Say
from invoices.benchmark.data import FIRST_MONTH, analyse, issue_moment, make_tenants, record_month
from invoices.models import Closing, Document, DocumentFile
from invoices.services.closing import close_period, issue_closing
from invoices.services.files import PDF
from invoices.services.month_runs import MonthProgress, progress_of_closing

PAUSE_SECONDS = 0.2
PATIENCE_SECONDS = 300
SWEEP_SECONDS = 10
_DATABASES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_OPERATOR_URL")
# What Celery looks at before its settings.
_BROKER = "CELERY_BROKER_URL"
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class MonthSize:
    documents: int
    lines: int
    workers: int
    kills: bool = True


class StandstillError(RuntimeError):
    """The workers make nothing any more."""


class Worker:
    """A Celery worker with one child, in a session of its own."""

    def __init__(self, environment: dict[str, str], number: int) -> None:
        command = ["-m", "celery", "--quiet", "-A", "billing_project", "worker", "-c1"]
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", f"--hostname=b{number}@bench"]
        self._process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, *command, *quiet],
            cwd=CHECKOUT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def seconds_of_work(self) -> float:
        """Of a processor, by the worker and its children."""
        return sum(map(_processor_seconds, [self._process.pid, *_children(self._process.pid)]))

    def kill(self) -> None:
        """As the machine's end would."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()


def measure_month(database: str, size: MonthSize, say: Say) -> dict[str, Any]:
    """Files a second until the last mail, how busy the processors were, and what was left undone."""
    with _own_broker(database) as environment:
        say(f"closing a month of {size.documents:,} documents")
        tenant, closing = _closed_month(size)
        run = _Run(tenant, closing, environment, size, say)
        try:
            return run.measure()
        finally:
            for worker in run.workers:
                worker.end()


class _Run:
    def __init__(
        self, tenant: Tenant, closing: Closing, environment: dict[str, str], size: MonthSize, say: Say
    ) -> None:
        self._tenant, self._closing, self._size, self._say = tenant, closing, size, say
        self._environment = environment
        self._swept = time.monotonic()
        self.workers = [Worker(environment, number) for number in range(size.workers)]

    def measure(self) -> dict[str, Any]:
        documents = self._size.documents
        self._until(lambda progress: progress.files > 0)
        self._say("the workers have begun")
        started, before = time.monotonic(), self._progress().files
        work = sum(worker.seconds_of_work() for worker in self.workers)
        third = self._until(lambda progress: progress.files >= documents // 3)
        first_seconds = time.monotonic() - started
        work = sum(worker.seconds_of_work() for worker in self.workers) - work
        if self._size.kills:
            self._say(f"killing a worker after {third.files:,} files")
            self.workers.pop(0).kill()
            self.workers.append(Worker(self._environment, self._size.workers))
        self._until(lambda progress: progress.files >= documents - self._size.workers)
        seconds = time.monotonic() - started
        rate = (self._progress().files - before) / seconds
        self._finish()
        return {
            "documents": documents,
            "lines": self._size.lines,
            "workers": self._size.workers,
            "files_per_second": round(rate, 2),
            "files_per_second_before_the_kill": round((third.files - before) / first_seconds, 2),
            "processors_busy_before_the_kill": round(work / first_seconds, 2),
            "killed": int(self._size.kills),
            **self._what_is_there(),
        }

    def _finish(self) -> None:
        """What the dead worker had begun waits for minutes by rule; the benchmark does not."""
        progress = self._until(lambda progress: progress.finished, self._call_those_that_wait)
        told = (
            f"{progress.files} of {progress.documents} files, {progress.mails_sent} of {progress.mails} mails"
        )
        self._say(told)

    def _call_those_that_wait(self) -> None:
        with tenant_context(self._tenant):
            begun = Mail.objects.filter(state__in=(MailState.WAITING, MailState.SENDING))
            begun.update(not_before=clock.now())
        self._sweep(every=1)

    def _until(
        self, reached: Callable[[MonthProgress], bool], meanwhile: Callable[[], None] | None = None
    ) -> MonthProgress:
        before, give_up = self._progress(), time.monotonic() + PATIENCE_SECONDS
        while not reached(progress := self._progress()):
            if (progress.files, progress.mails_sent) != (before.files, before.mails_sent):
                before, give_up = progress, time.monotonic() + PATIENCE_SECONDS
            elif time.monotonic() > give_up:
                raise StandstillError(f"{progress.files} files, {progress.mails_sent} mails")
            (meanwhile or self._sweep)()
            time.sleep(PAUSE_SECONDS)
        return progress

    def _sweep(self, every: float = SWEEP_SECONDS) -> None:
        """What the beat does each minute."""
        if time.monotonic() - self._swept > every:
            sweep()
            self._swept = time.monotonic()

    def _progress(self) -> MonthProgress:
        """As the operator's page shows it."""
        with tenant_context(self._tenant):
            return progress_of_closing(self._closing)

    def _what_is_there(self) -> dict[str, int]:
        with tenant_context(self._tenant):
            documents = Document.objects.filter(closing=self._closing)
            files = DocumentFile.objects.filter(document__closing=self._closing, media_type=PDF)
            several = files.order_by().values("document").annotate(count=Count("pk")).filter(count__gt=1)
            return {
                "documents_with_one_file": files.values("document").distinct().count(),
                "documents_without_file": documents.exclude(files__media_type=PDF).count(),
                "documents_with_several": several.count(),
                "mails_sent": Mail.objects.filter(kind="document_issued", state=MailState.SENT).count(),
            }


def _closed_month(size: MonthSize) -> tuple[Tenant, Closing]:
    [tenant] = make_tenants(1, size.documents, prefix="month")
    record_month(tenant, FIRST_MONTH, size.lines)
    analyse()
    with clock.frozen(issue_moment(FIRST_MONTH)), tenant_context(tenant):
        return tenant, issue_closing(closing=close_period(closes_on=FIRST_MONTH.last_day))


@contextmanager
def _own_broker(database: str) -> Iterator[dict[str, str]]:
    """A queue that no other worker listens to; gives the environment of programs that do."""
    demo = demo_home()
    home = Home(demo.folder(f"bench-{os.getpid()}"), demo.account, durable=False)
    broker, before = Valkey(home), os.environ.get(_BROKER)
    broker.start()
    mailbox = tempfile.mkdtemp(prefix="shimebi-bench-")
    os.environ[_BROKER] = broker.url()
    try:
        yield {
            **os.environ,
            **{name: in_database(os.environ[name], database) for name in _DATABASES},
            "REDIS_URL": broker.url(),
            "MAIL_CAPTURE_DIR": mailbox,
            "BASE_DOMAIN": "localhost",
            "LOG_LEVEL": "ERROR",
        }
    finally:
        os.environ.pop(_BROKER)
        if before is not None:
            os.environ[_BROKER] = before
        broker.stop()
        shutil.rmtree(home.path)
        shutil.rmtree(mailbox)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _processor_seconds(pid: int) -> float:
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / _TICKS

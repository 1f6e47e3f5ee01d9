"""Acts as they run in the product: own transaction, constraints judged, tasks after the commit.

A story lives in one transaction that is rolled back, so nothing is ever committed. What a commit does
is done by hand: deferred constraints are judged inside the tenant's context, then the callbacks that
wait for the commit run, and with them the tasks they publish, inline.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.conf import settings
from django.db import connection

from accounts.models import Tenant
from billing_project.celery import app
from billing_project.tenancy.context import tenant_context

T = TypeVar("T")


def perform(tenant: Tenant, act: Callable[[], T]) -> T:
    """Runs the act like a request or job of its own, and then what it asked for after its commit."""
    with tenant_context(tenant):
        result = act()
        judge_constraints()
    run_after_commit()
    return result


def judge_constraints() -> None:
    """What the database checks at a commit; raises IntegrityError."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def run_after_commit() -> None:
    """Runs the callbacks that wait for the commit, and those that they add."""
    while connection.run_on_commit:
        callback = connection.run_on_commit.pop(0)[1]
        callback()


@contextmanager
def inline_and_silent() -> Iterator[None]:
    """Tasks run where they are published, and no mail leaves the process."""
    tasks, trace = app.conf, logging.getLogger("celery.app.trace")
    before = tasks.task_always_eager, tasks.task_eager_propagates, settings.EMAIL_BACKEND, trace.level
    tasks.task_always_eager = tasks.task_eager_propagates = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    trace.setLevel(logging.WARNING)
    try:
        yield
    finally:
        tasks.task_always_eager, tasks.task_eager_propagates, settings.EMAIL_BACKEND, level = before
        trace.setLevel(level)

"""Two at once, for real: an act in a thread with a connection of its own, and whether it has to wait."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import pytest
from django.db import connection, connections
from django.db.models import QuerySet

from accounts.models import Tenant
from billing_project import clock
from billing_project.tenancy.context import tenant_context

LIMIT_SECONDS = 30


class Rival:
    """Runs `act` in the tenant, in its own transaction; `result` or `error` is what came of it."""

    def __init__(self, tenant: Tenant, moment: datetime, act: Callable[[], object]) -> None:
        self.result: object = None
        self.error: Exception | None = None
        self._tenant, self._moment, self._act = tenant, moment, act
        self._pid = 0
        self._connected = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def start(self) -> Rival:
        self._thread.start()
        assert self._connected.wait(LIMIT_SECONDS)
        return self

    def waits(self) -> bool:
        """True as soon as another session makes it wait, False when it ended without waiting."""
        while self._thread.is_alive():
            with connection.cursor() as cursor:
                cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", [self._pid])
                if cursor.fetchone()[0]:
                    return True
        return False

    def join(self) -> None:
        self._thread.join(LIMIT_SECONDS)
        assert not self._thread.is_alive(), "It still waits."

    def _run(self) -> None:
        try:
            with clock.frozen(self._moment), tenant_context(self._tenant):
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_backend_pid()")
                    self._pid = cursor.fetchone()[0]
                self._connected.set()
                self.result = self._act()
        except Exception as error:
            self.error = error
        finally:
            self._connected.set()
            connections.close_all()


def side_by_side(tenant: Tenant, moment: datetime, acts: Sequence[Callable[..., object]]) -> list[Rival]:
    """Lets all acts go at the same moment, and gives them when all have ended."""
    gate = threading.Barrier(len(acts))

    def begin_together(act: Callable[..., object]) -> Callable[[], object]:
        def run() -> object:
            gate.wait(LIMIT_SECONDS)
            return act()

        return run

    rivals = [Rival(tenant, moment, begin_together(act)) for act in acts]
    for each in rivals:
        each.start()
    for each in rivals:
        each.join()
    return rivals


@contextmanager
def without_locks() -> Iterator[None]:
    """Nobody takes a turn: rows are read unlocked, the gate stands open, imports run into each other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QuerySet, "select_for_update", lambda rows, **_how: rows.all())
        patch.setattr("invoices.services.gate._lock", lambda _strength: None)
        patch.setattr("payments.services.importing._take_turn", lambda: None)
        yield

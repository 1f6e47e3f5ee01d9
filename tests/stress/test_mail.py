"""A worker that dies over a PDF: one file for each document, each mail once, nobody else waits for it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence

import pytest

from billing_project import clock
from billing_project.outbox.models import MailState
from billing_project.outbox.tasks import send_waiting
from tests.stress.machinery import Machines, Mailbox, Process, Queue, blocked_by, bury, locked, until
from tests.stress.shop import CUSTOMERS, Shop, at_noon

pytestmark = pytest.mark.stress
STORE_FILE = (
    "INSERT INTO invoices_documentfile (tenant_id, document_id, media_type, content, size, sha256, made_at)"
    " VALUES (%s, %s, 'application/pdf', '', 0, '', %s)"
)

Death = Callable[[Machines, Process, Sequence[int]], None]


def the_machine_ends(machines: Machines, worker: Process, session: Sequence[int]) -> None:
    worker.kill()
    bury(session)
    machines.worker()


def the_kernel_takes_its_memory(_machines: Machines, worker: Process, session: Sequence[int]) -> None:
    """The worker itself goes on with a new child."""
    os.kill(worker.child(), signal.SIGKILL)
    bury(session)


@pytest.mark.parametrize("death", [the_machine_ends, the_kernel_takes_its_memory])
def test_a_worker_killed_in_the_middle_of_a_pdf(
    machines: Machines, queue: Queue, mailbox: Mailbox, shop: Shop, death: Death
) -> None:
    shop.caught_up(at_noon(shop.closes_on))
    first, *others = shop.mails()
    file = [shop.pk, first.reference, clock.now()]
    worker = machines.worker()
    with locked(STORE_FILE, file, shop.pk) as rival:
        queue.ask(send_waiting, shop.pk)
        halfway = until(lambda: blocked_by(rival), "the PDF is made, and not yet stored")
        death(machines, worker, halfway)
        until(lambda: len(mailbox.ids()) == len(others), "the other mails do not wait for it")
    assert first.reference not in shop.files()
    shop.pause_is_over()
    queue.ask(send_waiting, shop.pk)
    until(shop.all_sent, "the first mail had its second turn")
    assert [mail.attempts for mail in shop.mails()] == [2] + [1] * (CUSTOMERS - 1)
    assert {mail.state for mail in shop.mails()} == {MailState.SENT}
    shop.assert_mailed_once(mailbox)

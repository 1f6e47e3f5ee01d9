"""Eight processes that issue delivery notes at once; started by `test_many`, which names tenant and charges.

Each process has its own charges and a seeded mind that it changes now and then, after the numbers were taken.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import sys
from multiprocessing.synchronize import Barrier

import django

django.setup()

from billing_project import clock  # noqa: E402
from billing_project.money import Rounding  # noqa: E402
from billing_project.tenancy.context import tenant_context  # noqa: E402
from invoices.models import Charge, DocumentKind  # noqa: E402
from invoices.services.gate import pass_gate  # noqa: E402
from invoices.services.issuing import Terms, issue_documents_of_charges  # noqa: E402

PROCESSES = 8
CHANGES_ITS_MIND = 0.4


class _ChangedMind(Exception):  # noqa: N818
    """The process gives up after the numbers were taken."""


def issue_share(tenant_id: int, charge_ids: list[int], seed: int, together: Barrier) -> None:
    chance = random.Random(seed)
    together.wait(60)
    for charge_id in charge_ids:
        while not _issue(tenant_id, charge_id, gives_up=chance.random() < CHANGES_ITS_MIND):
            print("changed its mind", flush=True)  # noqa: T201


def _issue(tenant_id: int, charge_id: int, *, gives_up: bool) -> bool:
    terms = Terms(
        issued_on=clock.today("Asia/Tokyo"),
        rounding=Rounding.FLOOR,
        apply_deposit=False,
        due_on={},
        kind=DocumentKind.DELIVERY_NOTE,
    )
    try:
        with tenant_context(tenant_id):
            pass_gate()
            issue_documents_of_charges(charges=[Charge.objects.get(pk=charge_id)], terms=terms)
            if gives_up:
                raise _ChangedMind
    except _ChangedMind:
        return False
    return True


def main(tenant_id: int, charge_ids: list[int]) -> int:
    fork = multiprocessing.get_context("fork")  # no connection is open yet
    together = fork.Barrier(PROCESSES)
    processes = [
        fork.Process(target=issue_share, args=(tenant_id, charge_ids[n::PROCESSES], n, together))
        for n in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return sum(bool(process.exitcode) for process in processes)


if __name__ == "__main__":
    sys.exit(main(**json.loads(sys.argv[1])))

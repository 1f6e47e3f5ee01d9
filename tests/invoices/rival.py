"""A process of its own that closes or issues; started by `test_rivals`.

It says "ready" and waits for a line before it begins; its clock stands at the morning of 1 November 2026.
`hold` stops between the work and the commit, so that the test can kill it there.
"""

import json
import sys
from datetime import date

import django

django.setup()

from accounts.models import Customer  # noqa: E402
from billing_project import clock  # noqa: E402
from billing_project.tenancy.context import tenant_context  # noqa: E402
from invoices.services.closing import close_period, issue_closing  # noqa: E402
from tests.invoices.shop import charge, moment  # noqa: E402


def close(tenant_id: int, closes_on: str, *, hold: bool = False) -> None:
    with tenant_context(tenant_id):
        closing = issue_closing(closing=close_period(closes_on=date.fromisoformat(closes_on)))
        if hold:
            _say(closing.document_count)
            _wait()
    _say(closing.document_count)


def record(tenant_id: int, customer_id: int) -> None:
    """A charge for October that comes late."""
    with tenant_context(tenant_id):
        late = charge(Customer.objects.get(pk=customer_id), date(2026, 10, 30), 5_000)
    _say(late.pk)


def _say(what: object) -> None:
    print(what, flush=True)  # noqa: T201


def _wait() -> None:
    sys.stdin.readline()


if __name__ == "__main__":
    act, arguments = sys.argv[1], json.loads(sys.argv[2])
    _say("ready")
    _wait()
    with clock.frozen(moment("2026-11-01 07:00")):
        globals()[act](**arguments)

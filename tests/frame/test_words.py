"""Everything operators read by a code has words: acts of the audit log, kinds of mail, jobs."""

from __future__ import annotations

import re
from collections.abc import Collection

import pytest

from billing_project.backoffice.words import ACTIONS, JOBS, MAILS
from billing_project.embedded.places import CHECKOUT
from billing_project.jobs import registry
from billing_project.outbox import builders
from payments.models import CardPaymentState, CardRefundState

ROOMS = ("accounts", "billing_project", "cancellations", "invoices", "ledger", "orders", "payments")
_RECORDED = re.compile(r"\brecord\(\s*\"(\w+)\"")


def _recorded() -> set[str]:
    sources = (file.read_text() for room in ROOMS for file in (CHECKOUT / room).rglob("*.py"))
    return {action for source in sources for action in _RECORDED.findall(source)}


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        pytest.param(_recorded(), ACTIONS, id="acts"),
        pytest.param(
            {f"card_charge_{state.value}" for state in CardPaymentState}
            | {f"card_refund_{state.value}" for state in CardRefundState},
            ACTIONS,
            id="states of cards",
        ),
        pytest.param(set(builders._builders), MAILS, id="mails"),
        pytest.param({kind.name for kind in registry.kinds()}, JOBS, id="jobs"),
    ],
)
def test_each_code_has_words(codes: Collection[str], words: Collection[str]) -> None:
    assert codes
    assert sorted(code for code in codes if code not in words) == []

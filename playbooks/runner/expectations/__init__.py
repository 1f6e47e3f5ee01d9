"""The keys of `expect`: each looks at the tenant and names what differs."""

from collections.abc import Callable, Mapping
from typing import Any

from billing_project.tenancy.context import tenant_context
from playbooks.format.expect import Expect
from playbooks.runner.expectations.audit import check_audit
from playbooks.runner.expectations.documents import check_documents
from playbooks.runner.expectations.hidden import check_hidden
from playbooks.runner.expectations.mails import check_mails, check_no_mails, mark_mails_seen
from playbooks.runner.expectations.money import (
    check_balances,
    check_deposit_reports,
    check_journal,
    check_payments,
    check_payouts,
    check_unmatched,
)
from playbooks.runner.expectations.paper import check_print_queue
from playbooks.runner.expectations.standing import check_customers, check_orders
from playbooks.runner.outcome import StoryFailed
from playbooks.runner.world import World

Check = Callable[[World, Any], list[str]]

CHECKS: dict[str, Check] = {
    "documents": check_documents,
    "mails": check_mails,
    "no_mails": check_no_mails,
    "balances": check_balances,
    "orders": check_orders,
    "customers": check_customers,
    "payments": check_payments,
    "payouts": check_payouts,
    "unmatched_transfers": check_unmatched,
    "journal": check_journal,
    "deposit_reports": check_deposit_reports,
    "print_queue": check_print_queue,
    "audit": check_audit,
}

OUTSIDE: dict[str, Check] = {"hidden_from_others": check_hidden}
"""What is looked at from outside of the tenant."""

KEYS = {*CHECKS, *OUTSIDE}


def check(world: World, expected: Expect) -> None:
    """Raises StoryFailed with every difference."""
    with tenant_context(world.tenant):
        found = _differences(CHECKS, world, expected)
        if expected.mails is not None or expected.no_mails:
            mark_mails_seen(world)
    found += _differences(OUTSIDE, world, expected)
    if found:
        raise StoryFailed(*found)


def _differences(checks: Mapping[str, Check], world: World, expected: Expect) -> list[str]:
    return [
        line
        for key, judge in checks.items()
        if (value := getattr(expected, key)) is not None
        for line in judge(world, value)
    ]

"""The keys of `expect`: each looks at the tenant and names what differs."""

from collections.abc import Callable
from typing import Any

from billing_project.tenancy.context import tenant_context
from playbooks.format.expect import Expect
from playbooks.runner.expectations.documents import check_documents
from playbooks.runner.expectations.mails import check_mails, check_no_mails, mark_mails_seen
from playbooks.runner.expectations.money import (
    check_balances,
    check_journal,
    check_payments,
    check_payouts,
    check_unmatched,
)
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
}


def check(world: World, expected: Expect) -> None:
    """Raises StoryFailed with every difference."""
    with tenant_context(world.tenant):
        found = [
            line
            for key, judge in CHECKS.items()
            if (value := getattr(expected, key)) is not None
            for line in judge(world, value)
        ]
        if expected.mails is not None or expected.no_mails:
            mark_mails_seen(world)
    if found:
        raise StoryFailed(*found)

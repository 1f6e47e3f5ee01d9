"""What must hold after every step is looked at after every step."""

import pytest

from billing_project.tenancy.context import tenant_context
from invoices.models import DocumentKind, NumberCounter
from ledger.models import CustomerBalance
from playbooks.format import load_text
from playbooks.runner.calendar import pass_time
from playbooks.runner.invariants import check_invariants, fingerprint
from playbooks.runner.outcome import StoryFailed
from playbooks.runner.story import thrown_away
from playbooks.runner.verbs import act
from playbooks.runner.world import World
from tests.playbooks.test_stories import SHORT


def play(world: World, count: int) -> None:
    for step in world.story.playbook.steps[:count]:
        pass_time(world, world.aware(step.at))
        act(world, step.verb, step.fields)


def test_a_balance_that_the_ledger_does_not_know_is_found() -> None:
    with thrown_away(load_text(SHORT)) as world:
        check_invariants(world)
        with tenant_context(world.tenant):
            CustomerBalance.objects.create(customer=world.customers["acme"], receivable=5)
        with pytest.raises(StoryFailed, match="receivable of 株式会社アクメ equals its ledger; 5 ≠ 0"):
            check_invariants(world)


def test_a_gap_in_the_numbers_is_found() -> None:
    with thrown_away(load_text(SHORT)) as world:
        play(world, 2)
        check_invariants(world)
        with tenant_context(world.tenant):
            NumberCounter.objects.create(kind=DocumentKind.INVOICE, year=2026, last=4)
        pass_time(world, world.aware(world.story.playbook.steps[3].at))
        with pytest.raises(StoryFailed, match="numbers have no gaps; invoice 2026 runs to 5"):
            check_invariants(world)


def test_a_document_that_changes_is_found() -> None:
    with thrown_away(load_text(SHORT)) as world:
        play(world, 2)
        pass_time(world, world.aware(world.story.playbook.steps[3].at))
        check_invariants(world)
        key = next(iter(world.frozen_rows))
        world.frozen_rows[key] = "as it was before"
        with pytest.raises(StoryFailed, match=f"what was issued or recorded never changes; {key} did"):
            check_invariants(world)


def test_the_fingerprint_sees_a_change_of_any_row() -> None:
    with thrown_away(load_text(SHORT)) as world, tenant_context(world.tenant):
        before = fingerprint()
        customer = world.customers["acme"]
        customer.note = "changed"
        customer.save()
        changed = {table for table, content in fingerprint().items() if content != before[table]}
    assert changed == {"accounts_customer"}

"""Each rule of a finished part has a story, the table is up to date, and acts are audited (X7)."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from accounts.models import Tenant
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.tenancy.context import tenant_context
from orders.quote_rules import QuotedLine
from orders.services import deliver
from orders.services.quotes import make_quote
from playbooks import rules_table
from playbooks.rules_table import RULES, STORIES, TESTS, missing, stories_by_rule, table
from tests.acts import at
from tests.factories import make_customer
from tests.orders.factories import order_of

FINISHED = [*(f"A{n}" for n in range(1, 21)), *(f"X{n}" for n in range(1, 12))]


def test_the_table_knows_every_rule_of_the_finished_parts() -> None:
    assert list(RULES) == FINISHED


def test_every_rule_has_a_story() -> None:
    assert missing(stories_by_rule(STORIES.glob("*.yaml"))) == []


def test_a_rule_without_a_story_is_found() -> None:
    shown = stories_by_rule(STORIES.glob("*.yaml"))
    del shown["A12"]
    assert missing(shown) == ["A12"]


def test_the_tests_named_exist() -> None:
    assert [
        path for paths in TESTS.values() for path in paths if not (settings.BASE_DIR / path).exists()
    ] == []


def test_the_table_is_up_to_date() -> None:
    assert (settings.BASE_DIR / "docs" / "rules.md").read_text(encoding="utf-8") == table()
    call_command("rules_table", "--check")


def test_a_stale_table_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    (tmp_path / "docs").mkdir()
    with pytest.raises(SystemExit):
        call_command("rules_table", "--check")
    call_command("rules_table")
    call_command("rules_table", "--check")
    monkeypatch.setitem(rules_table.RULES, "A12", "another text")
    with pytest.raises(SystemExit):
        call_command("rules_table", "--check")


def test_acts_are_audited_with_who_and_when(tenant: Tenant) -> None:
    """X7."""
    with tenant_context(tenant), clock.frozen(at("2026-11-01 10:00")):
        customer = make_customer()
        make_quote(customer=customer, lines=[QuotedLine("DV-1Y", 1)])
        deliver(order=order_of(customer))
        entries = AuditEntry.objects.filter(action__in=["quote_made", "order_placed", "order_delivered"])
        assert entries.count() == 3
        assert {entry.at for entry in entries} == {clock.now()}
        assert all(entry.actor_label for entry in entries)

"""The policy editor says what the draft would have made of the last month, and writes nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import OperatorRole, PolicyVersion
from accounts.policy import change_policy
from accounts.selectors import policy_on
from billing_project.audit.models import AuditEntry
from billing_project.errors import Refusal
from billing_project.outbox.models import Mail
from billing_project.tenancy.context import tenant_context
from invoices.models import Charge, Closing, Document, NumberCounter
from invoices.services.dry_policy import Comparison, compare_policies
from ledger import verification
from ledger.models import Entry
from tests.admin.world import Office
from tests.factories import make_tenant

PAGE = reverse("admin:accounts_policyversion_last-month")
EDITOR = reverse("admin:accounts_policyversion_new")
WRITTEN = (Charge, Document, Entry, Mail, Closing, NumberCounter, AuditEntry, PolicyVersion)


def compared(office: Office, **changes: Any) -> Comparison:
    with tenant_context(office.tenant):
        return compare_policies(draft=change_policy(policy_on(date(2026, 11, 3)), changes))


def written(office: Office) -> list[Any]:
    with tenant_context(office.tenant):
        return [list(model._default_manager.order_by("pk").values()) for model in WRITTEN]


def test_the_same_policy_makes_no_difference(seen: Office) -> None:
    found = compared(seen)
    assert len(found.documents) == 2
    assert found.different == []
    assert found.documents[0].one.total == seen.world.company.document.total


def test_other_days_are_shown_for_each_document(seen: Office) -> None:
    found = compared(seen, due_day="20")
    [before, _other] = [each.before for each in found.different]
    [after, _another] = [each.after for each in found.different]
    assert before is not None
    assert after is not None
    assert (before.due_on, after.due_on) == (seen.world.company.document.due_on, date(2026, 11, 20))
    assert before.total == after.total


def test_nothing_is_written(seen: Office) -> None:
    before = written(seen)
    compared(seen, due_day="20")
    assert written(seen) == before
    with tenant_context(seen.tenant):
        assert verification.verify() == []


def test_a_tenant_that_has_closed_nothing_is_told_so(database: None) -> None:
    tenant = make_tenant()
    with tenant_context(tenant), pytest.raises(Refusal) as refused:
        compare_policies(draft=policy_on(date(2026, 11, 3)))
    assert refused.value.code == "invalid_input"


def test_the_editor_asks_for_it_with_its_own_form(seen: Office) -> None:
    client = seen.client()
    html = client.get(EDITOR).content.decode()
    assert f'formaction="{PAGE}"' in html
    form = client.get(EDITOR).context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    same = client.post(PAGE, values)
    assert "2件" in same.content.decode()
    bad = client.post(PAGE, {**values, "payout_fee": "x"})
    assert bad.status_code == 200
    assert "notice-danger" in bad.content.decode()


def test_it_is_for_who_may_change_the_policy(seen: Office) -> None:
    for role in (OperatorRole.ACCOUNTING, OperatorRole.SUPPORT):
        assert seen.client(role).post(PAGE, {}).status_code == 403

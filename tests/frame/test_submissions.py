"""Keys of sent forms: kept for 30 days, and deleted at night."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from accounts.models import Tenant
from billing_project import clock
from billing_project.jobs.models import Job, JobState
from billing_project.jobs.services import run_due
from billing_project.submissions.models import Submission
from billing_project.submissions.services import is_first
from billing_project.tenancy.context import tenant_context
from tests.acts import at
from tests.factories import make_tenant


def sent(tenant: Tenant, moment: str) -> UUID:
    key = uuid4()
    with clock.frozen(at(moment)), tenant_context(tenant):
        assert is_first(key)
    return key


def kept(tenant: Tenant) -> set[UUID]:
    with tenant_context(tenant):
        return set(Submission.objects.values_list("key", flat=True))


def test_what_is_older_than_thirty_days_is_deleted_at_night(database: None) -> None:
    """30 days before 1 December is 1 November: what was sent before its midnight goes."""
    tenant, other = make_tenant(since=date(2026, 12, 1)), make_tenant(since=date(2026, 12, 2))
    old = sent(tenant, "2026-10-31 23:59")
    young = sent(tenant, "2026-11-01 00:00")
    theirs = sent(other, "2026-10-31 23:59")
    with clock.frozen(at("2026-12-01 00:01")):
        run_due(tenant.pk)
        with tenant_context(tenant):
            assert not is_first(young)
            assert is_first(old)
            [job] = Job.objects.filter(name="submissions.forget")
    assert (job.state, job.result, job.due_on) == (JobState.DONE, {"deleted": 1}, date(2026, 12, 1))
    assert kept(tenant) == {young, old}
    assert kept(other) == {theirs}
    with clock.frozen(at("2026-12-02 00:01")):
        run_due(tenant.pk)
    assert kept(tenant) == {old}


def test_a_night_with_nothing_to_delete_has_no_job(database: None) -> None:
    tenant = make_tenant(since=date(2026, 12, 1))
    sent(tenant, "2026-11-01 00:00")
    with clock.frozen(at("2026-12-01 09:00")):
        run_due(tenant.pk)
    with tenant_context(tenant):
        assert not Job.objects.filter(name="submissions.forget").exists()

"""Making a tenant, and giving it new versions of its policy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Issuer, PolicyVersion, Tenant
from accounts.policy import PRESETS, change_policy
from accounts.selectors import policy_on, policy_version_on
from accounts.signals import tenant_created
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.jobs.services import begin_calendar
from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.lookup import current_tenant

BEGINNING = date(2000, 1, 1)


@transaction.atomic
def create_tenant(
    *, slug: str, name: str, preset: str = "certificate-shop", since: date | None = None
) -> Tenant:
    """A tenant with its first policy, issuer, catalogue and calendar; its jobs begin on `since` (today).

    Raises Refusal `invalid_input` for an unknown preset, or a slug that is malformed or taken.
    """
    if preset not in PRESETS:
        raise Refusal(
            Code.INVALID_INPUT,
            _("There is no preset %(preset)s. Choose one of: %(presets)s."),
            preset=preset,
            presets=", ".join(PRESETS),
        )
    tenant = Tenant(slug=slug, name=name)
    tenant.since = since or clock.today(tenant.zone)
    try:
        tenant.full_clean()
    except ValidationError as error:
        raise Refusal(
            Code.INVALID_INPUT,
            _("This tenant cannot be made: %(problems)s"),
            problems=" ".join(error.messages),
        ) from error
    tenant.save()
    with tenant_context(tenant):
        begin_calendar(since=tenant.since)
        Issuer.objects.create(name=name, service_name=name)
        PolicyVersion.objects.create(
            valid_from=BEGINNING,
            preset=preset,
            fields=PRESETS[preset].to_json(),
            created_at=clock.now(),
        )
        record("tenant_created", tenant, preset=preset, since=str(tenant.since))
        tenant_created.send(Tenant, tenant=tenant, preset=preset)
    return tenant


@transaction.atomic
def set_policy(*, changes: Mapping[str, Any], valid_from: date) -> PolicyVersion:
    """A new version with some fields changed, from `valid_from` on (X10).

    Raises Refusal `invalid_policy` with the problems per field; `invalid_date` for a day gone by, since what
    was decided under the old version would no longer be explained.
    """
    before = policy_on(valid_from)
    version = policy_version_on(valid_from)
    if valid_from < clock.today(current_tenant().zone):
        raise Refusal(
            Code.INVALID_DATE, _("A policy cannot be changed for days gone by. Choose today or a later day.")
        )
    after = change_policy(before, changes)
    new: PolicyVersion = PolicyVersion.objects.create(
        valid_from=valid_from, preset=version.preset, fields=after.to_json(), created_at=clock.now()
    )
    old, fresh = before.to_json(), after.to_json()
    changed = {name: [old[name], fresh[name]] for name in fresh if old[name] != fresh[name]}
    record("policy_changed", new, valid_from=str(valid_from), changed=changed)
    return new

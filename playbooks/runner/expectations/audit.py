"""`audit`: who did what since it was last asked for (X7)."""

from collections.abc import Sequence

from billing_project.audit.models import AuditEntry
from playbooks.format.expect import ExpectedAct
from playbooks.runner.compare import described
from playbooks.runner.world import World


def check_audit(world: World, expected: Sequence[ExpectedAct]) -> list[str]:
    """Each must have been recorded; an act that is listed twice, twice."""
    left = list(AuditEntry.objects.exclude(pk__in=world.seen.acts).order_by("pk"))
    world.seen.acts.update(entry.pk for entry in left)
    lines: list[str] = []
    for place, wanted in enumerate(expected, start=1):
        found = next((entry for entry in left if _fits(entry, wanted)), None)
        if found is None:
            facts = described(wanted.model_dump(exclude_none=True))
            lines.append(f"audit[{place}]: expected {facts}, found {_listed(left)}")
        else:
            left.remove(found)
    return lines


def _fits(entry: AuditEntry, wanted: ExpectedAct) -> bool:
    return (
        entry.action == wanted.act
        and wanted.by in (None, entry.actor_kind)
        and (wanted.about or "") in entry.object_label
    )


def _listed(entries: Sequence[AuditEntry]) -> str:
    acts = (f"{entry.action} by {entry.actor_kind} about {entry.object_label}" for entry in entries)
    return "; ".join(acts) or "none"

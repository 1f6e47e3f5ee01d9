"""Who stands in the audit log for the acts of a story (X7)."""

from typing import Any

from accounts.models import Member
from billing_project.audit.models import ActorKind
from billing_project.audit.services import Actor
from billing_project.tenancy.context import tenant_context
from playbooks.runner.world import World

OPERATOR = Actor(ActorKind.OPERATOR, "operator of the story")


def actor_of(world: World, verb: str, fields: Any) -> Actor:
    """The member who does it, or for all that customers cannot do themselves an operator."""
    with tenant_context(world.tenant):
        member = _member(world, verb, fields)
    if member is None:
        return OPERATOR
    return Actor(ActorKind.MEMBER, member.user.email, member.user_id)


def _member(world: World, verb: str, fields: Any) -> Member | None:
    if verb not in ("order", "quote", "cancel", "payout") or getattr(fields, "by_operator", False):
        return None
    if named := getattr(fields, "member", None):
        return world.members[named]
    return world.orders[fields.order].member if verb == "cancel" else world.buyers[fields.customer]

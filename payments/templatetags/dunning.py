"""The notice on every page of the panel while something is overdue and steps are in force."""

from typing import Any

from django import template
from django.template.context import RequestContext

from accounts.rules import Right, may
from billing_project import clock
from payments.selectors.dunning import notice_of

register = template.Library()


@register.inclusion_tag("payments/dunning_notice.html", takes_context=True)
def dunning_notice(context: RequestContext) -> dict[str, Any]:
    """What is overdue, what is blocked, and how that is lifted; sums for those who may see all documents."""
    member = getattr(context.get("request"), "member", None)
    if member is None:
        return {"notice": None}
    notice = notice_of(member.customer, clock.today())
    return {"notice": notice, "sees_sums": may(member.roles, Right.SEE_ALL_DOCUMENTS)}

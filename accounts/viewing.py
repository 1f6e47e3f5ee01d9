"""An operator sees the panel as a member: for half an hour, only looking, and told on every page.

Nothing can be sent from there: no order, no setting, no sign-in data. Begin and end are in the audit log, and
what is recorded meanwhile names both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from accounts.models import Member, Operator, User
from accounts.selectors import active_member, is_operator
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal

KEY = "viewing_as"
LASTS = timedelta(minutes=30)
SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Viewing:
    operator: Operator
    user: User
    member: Member
    until: datetime

    @property
    def label(self) -> str:
        """As the audit log names who looks."""
        return f"{self.user.email} → {self.member.user.email}"


def begin(request: Any, *, member: Member, reason: str) -> None:
    """From here on the operator's session shows the panel as the member; in the caller's transaction.

    Raises Refusal `not_permitted` for a member who is an operator too or does not belong here any more.
    """
    if is_operator(member.user_id) or active_member(member.pk) is None:
        raise Refusal(Code.NOT_PERMITTED)
    until = clock.now() + LASTS
    record("viewing_begun", member, reason=reason, until=until.isoformat())
    request.session[KEY] = {
        "tenant": request.tenant.pk,
        "operator": request.operator.pk,
        "member": member.pk,
        "until": until.timestamp(),
    }


def end(request: Any, *, over: str) -> str:
    """Ends it; gives the address to go on to. `over` says why: `ended`, `expired` or `lost`."""
    told = request.session.pop(KEY)
    member = Member.objects.filter(pk=told["member"]).first()
    record("viewing_ended", member, over=over)
    return reverse("admin:accounts_member_change", args=[told["member"]])


def is_viewing(request: Any) -> bool:
    """Whether this request is one of the panel, looked at as somebody else."""
    return KEY in request.session and not request.path.startswith(reverse("admin:index"))


def enter(request: Any) -> HttpResponse | None:
    """Makes the request the member's. What it gives is the answer: time is up, or it is more than looking."""
    told, member = request.session[KEY], None
    if (request.tenant.pk, getattr(request.operator, "pk", None)) == (told["tenant"], told["operator"]):
        member = active_member(told["member"])
    if member is None or is_operator(member.user_id):
        return HttpResponseRedirect(end(request, over="lost"))
    if clock.now().timestamp() >= told["until"]:
        return HttpResponseRedirect(end(request, over="expired"))
    until = datetime.fromtimestamp(told["until"], tz=clock.now().tzinfo)
    request.viewing = Viewing(request.operator, request.user, member, until)
    request.member, request.operator = member, None
    return None


def refusal(request: Any) -> HttpResponse | None:
    """The page that says no to whatever would change something, and to all pages about signing in."""
    if request.path in (reverse("accounts:viewing_end"), reverse("set_language"), reverse("account_logout")):
        return None
    if request.method in SAFE and not request.path.startswith("/accounts/"):
        return None
    return render(request, "errors/only_looking.html", status=403)

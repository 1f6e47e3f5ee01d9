"""What happened with a customer: the page, and what this room has to tell."""

from __future__ import annotations

from typing import Any

from django.core.paginator import EmptyPage
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountingContact, Customer, Member
from billing_project.audit.models import AuditEntry
from billing_project.backoffice.acts import act_url, operator_page, page_of, row_act
from billing_project.backoffice.history import Strand, braid, happenings, strands
from billing_project.backoffice.words import ACTIONS, MAILS
from billing_project.outbox.models import Mail


def _acts(customer: Customer) -> QuerySet[AuditEntry]:
    members = Member.objects.filter(customer=customer).values("pk")
    own = Q(object_kind="customer", object_id=customer.pk)
    return AuditEntry.objects.filter(own | Q(object_kind="member", object_id__in=members))


def _mails(customer: Customer) -> QuerySet[Mail]:
    """To the addresses of its accounting and of its members."""
    contacts = AccountingContact.objects.filter(customer=customer).values_list("email", flat=True)
    members = Member.objects.filter(customer=customer).values_list("user__email", flat=True)
    return Mail.objects.filter(recipient__in=[*contacts, *members])


braid(
    Strand(
        "acts",
        _("Audit log"),
        AuditEntry,
        _acts,
        at="at",
        what="object_label",
        code="action",
        who="actor_label",
        words=ACTIONS,
    )
)
braid(
    Strand(
        "mails",
        _("Mails"),
        Mail,
        _mails,
        at="created_at",
        what="subject",
        code="kind",
        who=F("recipient"),
        words=MAILS,
    )
)


@row_act(Customer, "history-of", _("Timeline"), "timeline", allowed=lambda request: request.operator)
def timeline(request: Any, customer: Customer) -> HttpResponse:
    """All that happened, newest first; `?only=` one strand, `?page=` further back."""
    only = request.GET.get("only", "")
    try:
        page = int(request.GET.get("page", 1))
        rows, more = happenings(customer, page=page, only=only)
    except (ValueError, EmptyPage) as problem:
        raise Http404 from problem
    return operator_page(
        request,
        "admin/timeline.html",
        title=_("Timeline"),
        original=customer,
        opts=customer._meta,
        rows=rows,
        only=only,
        strands=strands(),
        newer=page - 1,
        older=page + 1 if more else 0,
        here=act_url(customer, "history-of"),
        back=page_of(customer),
    )

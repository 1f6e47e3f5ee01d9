"""Keeping and forgetting filters; they change nothing but their owner's lists."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from billing_project.errors import Code, Refusal
from billing_project.saved_filters.models import SavedFilter

MOST = 20
_PAGE = "p"


def filters_of(*, user_id: int, list_name: str) -> QuerySet[SavedFilter]:
    found: QuerySet[SavedFilter] = SavedFilter.objects.filter(user_id=user_id, list_name=list_name)
    return found.order_by("name")


def save_filter(*, user_id: int, list_name: str, name: str, query: str) -> None:
    """The same name again takes the new query. Raises Refusal `invalid_input` without a name or a filter."""
    name, query = name.strip(), _without_page(query)
    if not name or not query or len(name) > 40 or len(query) > 1000:
        raise Refusal(Code.INVALID_INPUT, _("Narrow the list first, and give the filter a short name."))
    own = filters_of(user_id=user_id, list_name=list_name)
    if not own.filter(name=name).exists() and own.count() >= MOST:
        raise Refusal(
            Code.INVALID_INPUT, _("There are %(most)s filters already. Remove one.") % {"most": MOST}
        )
    SavedFilter.objects.bulk_create(
        [SavedFilter(user_id=user_id, list_name=list_name, name=name, query=query)],
        update_conflicts=True,
        unique_fields=["tenant", "user_id", "list_name", "name"],
        update_fields=["query"],
    )


def remove_filter(*, user_id: int, list_name: str, pk: int) -> None:
    """Somebody else's stays, as if it were not there."""
    filters_of(user_id=user_id, list_name=list_name).filter(pk=pk).delete()


def _without_page(query: str) -> str:
    asked = QueryDict(query, mutable=True)
    asked.pop(_PAGE, None)
    return asked.urlencode()

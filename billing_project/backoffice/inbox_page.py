"""The inbox of operators: a page of its own, by kind, with a way to each act."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from billing_project.backoffice import dashboard
from billing_project.backoffice.acts import operator_page
from billing_project.backoffice.asking import answers
from billing_project.backoffice.inbox import Item, acts_on, counting, kinds, waiting

PER_PAGE = 20


class _Waiting:
    """The rows that wait, as a paginator wants them: their number is known before."""

    def __init__(self, among: dict[str, QuerySet[Any]], count: int) -> None:
        self.among, self._count = among, count

    def count(self) -> int:
        return self._count

    def __getitem__(self, part: slice) -> list[Item]:
        return waiting(self.among, part.start or 0, part.stop)


def inbox(request: Any) -> HttpResponse:
    """All that waits, or with `?kind=` what waits for one reason; the longest waiting first."""
    rows = {kind.code: kind.rows() for kind in kinds()}
    counts = answers(
        {**dashboard.asked(dashboard.Waiting), **{code: counting(each) for code, each in rows.items()}}
    )
    shown = [kind for kind in kinds() if counts[kind.code]]
    chosen = [kind for kind in shown if kind.code == request.GET.get("kind")]
    page = _page(request, {kind.code: rows[kind.code] for kind in chosen or shown}, counts)
    return operator_page(
        request,
        "admin/inbox.html",
        title=_("Needs a person"),
        kinds=[(kind, counts[kind.code]) for kind in shown],
        chosen=chosen[0].code if chosen else "",
        total=sum(counts[kind.code] for kind in shown),
        notes=dashboard.notes(request, counts),
        page=page,
        rows=[(item, acts_on(request, item)) for item in page] if page else [],
    )


def _page(request: Any, among: dict[str, QuerySet[Any]], counts: dict[str, int]) -> Page[Item] | None:
    if not among:
        return None
    rows: Any = _Waiting(among, sum(counts[code] for code in among))
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))

"""Buttons above a list that act on all rows it has found, in the background; the list's search says which."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db import models
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from billing_project.backoffice.acts import Question, ask, list_act, list_of, page_of
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.pages import Column, Section, Table
from billing_project.bulk.registry import Bulk, register
from billing_project.bulk.services import MOST, ask_for_bulk
from billing_project.errors import Code, Text

EXAMPLES = 5
Narrow = Callable[[Any], Any]
Perform = Callable[[Any, dict[str, Any]], Any]


class BulkForm(OperatorForm):
    """What is filled in for all rows. `expected` is how many rows were shown."""

    expected = forms.IntegerField(widget=forms.HiddenInput)


def bulk_act(
    model: type[models.Model],
    name: str,
    label: Text,
    icon: str,
    *,
    lead: Text,
    rows: Narrow = lambda found: found,
    form: type[BulkForm] = BulkForm,
    outside: bool = False,
    done_before: Collection[Code] = (),
) -> Callable[[Perform], Perform]:
    """Registers `perform(row, choice)` as a button of the model's list; `choice` is what the form was given.

    `rows(found)` leaves the rows for which it makes sense. What the act refuses is noted on its row.
    """

    def registered(perform: Perform) -> Perform:
        code = f"{model._meta.label_lower}.{name}"
        bulk = register(Bulk(code, model, label, perform, outside, frozenset(done_before)))

        def page(request: Any) -> HttpResponse:
            return _page(request, bulk, lead, rows, form)

        list_act(model, name, label, icon, keeps_search=True)(page)
        return perform

    return registered


def _page(request: Any, bulk: Bulk, lead: Text, rows: Narrow, form_of: type[BulkForm]) -> HttpResponse:
    query, opts = request.GET.urlencode(), bulk.model._meta
    try:
        found = rows(_found(request, bulk.model))
    except IncorrectLookupParameters:
        return HttpResponseRedirect(list_of(bulk.model))
    count = found.order_by().values("pk")[: MOST + 1].count()

    def act(cleaned: dict[str, Any]) -> tuple[Any, str]:
        expected = cleaned.pop("expected")
        run = ask_for_bulk(bulk=bulk, rows=found, expected=expected, choice=cleaned, query=query)
        return _("It is under way."), page_of(run)

    question = Question(
        bulk.label,
        form_of(request.POST or None, initial={"expected": count}),
        act,
        list_of(bulk.model, query),
        lead,
        button=bulk.label,
    )
    return ask(request, question, opts=opts, sections=[_shown(found, count)])


def _found(request: Any, model: type[models.Model]) -> Any:
    """What the list has found with the search that stands in the address, without its columns."""
    page = admin.site.get_model_admin(model)
    found = page.get_changelist_instance(request).get_queryset(request)
    rows = model._default_manager.filter(pk__in=found.order_by().values("pk"))
    related: Any = page.list_select_related or ()
    return rows.select_related(*related)


def _shown(found: Any, count: int) -> Section:
    """How many, and the first of them."""
    first = [(str(row),) for row in found.order_by("-pk")[:EXAMPLES]]
    if count > MOST:
        note = _("More than %(most)s were found. Narrow the list first.") % {"most": f"{MOST:,}"}
    elif count > len(first):
        note = _("The first %(count)s of them:") % {"count": len(first)}
    else:
        note = ""
    title = _("Rows found by the list: %(count)s") % {"count": f"{min(count, MOST):,}"}
    return Table(title, [Column(_("row"))], first, empty=_("None"), note=note)

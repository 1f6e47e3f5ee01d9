"""The base of every list and page in the admin: rows are read, the acts of the business are buttons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from unfold.admin import ModelAdmin

from billing_project.backoffice.acts import (
    Act,
    act_url,
    acts_of,
    ask_outside,
    list_of,
    operator_page,
)
from billing_project.backoffice.columns import columns_of, facts_of
from billing_project.backoffice.counting import CountsToLimit
from billing_project.backoffice.csv import EXPORT, XLSX, export_list
from billing_project.backoffice.finding import holding, words_of
from billing_project.backoffice.pages import Section, sections_of
from billing_project.errors import Refusal, Text
from billing_project.saved_filters.services import filters_of, remove_filter, save_filter
from billing_project.tenancy.middleware import opens_own_context

CsvColumn = tuple[Text, str | Callable[[Any], Any]]


class OperatorAdmin(ModelAdmin):
    """`csv_columns`: heads and attributes (or functions of the row) of the list's files.

    `page_related` are read along with the row of a page, `page_deferred` only when they are asked for.
    """

    show_full_result_count = False
    list_fullwidth = True
    list_filter_submit = True
    list_per_page = 30
    paginator = CountsToLimit
    actions = None
    # Unfold's template asks for it with every row, and finding nothing is dear.
    list_sections = ()
    change_list_template = "admin/operator_list.html"
    csv_columns: ClassVar[tuple[CsvColumn, ...]] = ()
    page_related: ClassVar[tuple[str, ...]] = ()
    page_deferred: ClassVar[tuple[str, ...]] = ()

    @property
    def media(self) -> forms.Media:
        """What the list's filters need. Django's own scripts, 80 kB, are for editing rows."""
        kinds = [each[1] if isinstance(each, tuple) else each for each in self.list_filter]
        needed = [getattr(getattr(kind, "form_class", None), "Media", None) for kind in kinds]
        pieces = [forms.Media(each) for each in dict.fromkeys(needed) if each]
        return sum(pieces, forms.Media(js=["admin/js/core.js"])) if pieces else forms.Media()

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return request.operator is not None

    def has_module_permission(self, request: Any) -> bool:
        return request.operator is not None

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    # The audit log is written by services; Django's own log is one table for all tenants.
    def log_addition(self, *args: Any, **kwargs: Any) -> None: ...

    def log_change(self, *args: Any, **kwargs: Any) -> None: ...

    def log_deletions(self, *args: Any, **kwargs: Any) -> None: ...

    def get_urls(self) -> list[URLPattern]:
        """The list, its acts, each row's page, history and acts: rows are not added, changed or deleted."""
        wrap = self.admin_site.admin_view
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("", wrap(self.changelist_view), name=f"{name}_changelist"),
            *(
                path(f"{each.name}/", wrap(each.checked), name=each.url_name(self.model))
                for each in acts_of(self.model)
                if not each.on_row
            ),
            path("filters/", wrap(self.filters_view), name=f"{name}_filters"),
            path("<int:object_id>/", wrap(self.change_view), name=f"{name}_change"),
            path("<int:object_id>/history/", wrap(self.history_view), name=f"{name}_history"),
            *(
                path(
                    f"<int:object_id>/{each.name}/",
                    self.wrapped(each),
                    name=each.url_name(self.model),
                )
                for each in acts_of(self.model)
                if each.on_row
            ),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the columns that rooms above have added."""
        added = {column.name: column.annotation() for column in columns_of(self.model)}
        return super().get_queryset(request).annotate(**added)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The rows that hold every word, and that none comes twice."""
        for word in words_of(search_term) if self.search_fields else ():
            queryset = queryset.filter(self.held(word))
        return queryset, False

    def held(self, word: str) -> Q:
        """Which rows hold the word; see `finding`."""
        return holding(self.model, self.search_fields, word)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [*super().get_list_display(request), *(column.cell() for column in columns_of(self.model))]

    def all_csv_columns(self) -> list[CsvColumn]:
        return [*self.csv_columns, *((column.label, column.name) for column in columns_of(self.model))]

    def changelist_view(self, request: Any, extra_context: Any = None) -> HttpResponseBase:
        """The list, or with `?_export=csv` or `xlsx` the rows it has found as a file."""
        if kind := _take_out(request, EXPORT):
            return self._export(request, XLSX if kind == XLSX else "csv")
        kinds = ("csv", XLSX) if self.csv_columns else ()
        context = {
            "files": [(kind.upper(), f"?{_with(request.GET, EXPORT, kind)}") for kind in kinds],
            "saved_filters": filters_of(user_id=request.user.pk, list_name=self.opts.label_lower),
            "filters_url": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_filters"),
            "filter_query": request.GET.urlencode(),
            "list_acts": [
                {"act": each, "url": _list_url(self.model, each, request)}
                for each in acts_of(self.model)
                if not each.on_row and each.allowed(request)
            ],
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def _export(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        try:
            return export_list(self, request, kind)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(request.path)
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(f"{request.path}?{request.GET.urlencode()}")

    def filters_view(self, request: Any) -> HttpResponse:
        """Keeps the list's filter under a name, or forgets one; back to the list."""
        own = {"user_id": request.user.pk, "list_name": self.opts.label_lower}
        query = request.POST.get("query", "")
        try:
            if (pk := request.POST.get("remove", "")).isdigit():
                remove_filter(**own, pk=int(pk))
            elif request.method == "POST":
                save_filter(**own, name=request.POST.get("name", ""), query=query)
        except Refusal as refusal:
            messages.error(request, refusal.message)
        return HttpResponseRedirect(list_of(self.model, QueryDict(query).urlencode()))

    def change_view(self, request: Any, object_id: Any, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """The row's page. What is another tenant's is not there."""
        row = self.row(request, object_id)
        return operator_page(
            request,
            "admin/operator_page.html",
            title=self.page_title(row),
            opts=self.opts,
            original=row,
            original_title=self.page_title(row),
            sections=list(self.sections(request, row)),
            buttons=self.buttons(request, row),
            history_url=reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_history", args=[row.pk]),
        )

    def history_view(self, request: Any, object_id: Any, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """What the audit log has about the row."""
        row = self.row(request, object_id)
        query = QueryDict(mutable=True)
        query.update({"object_kind": self.opts.model_name or "", "object_id": str(row.pk)})
        return HttpResponseRedirect(f"{reverse('admin:audit_auditentry_changelist')}?{query.urlencode()}")

    def wrapped(self, act: Act) -> Callable[..., HttpResponse]:
        """The page of an act on a row; one that calls the outside opens its contexts itself."""
        if not act.outside:
            return self.admin_site.admin_view(partial(self.act_view, act=act))
        view = self.admin_site.admin_view(partial(self.act_outside_view, act=act))
        return opens_own_context(transaction.non_atomic_requests(view))

    def act_outside_view(self, request: Any, object_id: Any, *, act: Act) -> HttpResponse:
        return ask_outside(request, lambda: act.checked(request, self.row(request, object_id)))

    def act_view(self, request: Any, object_id: Any, *, act: Act) -> HttpResponse:
        return act.checked(request, self.row(request, object_id))

    def row(self, request: HttpRequest, object_id: Any) -> Model:
        """With its facts. Raises Http404 for what does not exist or is another tenant's."""
        rows = self.model._default_manager.select_related(*self.page_related)
        rows = rows.annotate(**facts_of(self.model)).defer(*self.page_deferred)
        return get_object_or_404(rows, pk=object_id)

    def page_title(self, row: Any) -> str:
        return str(row)

    def sections(self, request: Any, row: Model) -> Iterator[Section]:
        yield from sections_of(request, row)

    def buttons(self, request: Any, row: Model) -> list[dict[str, Any]]:
        """What is likely done next comes first, what cannot be undone last."""
        acts = [
            each
            for each in acts_of(self.model)
            if each.on_row and each.allowed(request) and each.offered(row)
        ]
        acts.sort(key=lambda each: (each.tone == "danger") - (each.tone == "primary"))
        return [{"act": each, "url": act_url(row, each.name)} for each in acts]


def _list_url(model: type[Model], act: Act, request: HttpRequest) -> str:
    address = act_url(model, act.name)
    return f"{address}?{request.GET.urlencode()}" if act.keeps_search else address


def _take_out(request: Any, name: str) -> str:
    """The value of a parameter that is ours, which Django's list must not see."""
    query = request.GET.copy()
    value = query.pop(name, [""])[0]
    request.GET = query
    return str(value)


def _with(query: QueryDict, name: str, value: str) -> str:
    changed = query.copy()
    changed[name] = value
    return changed.urlencode()

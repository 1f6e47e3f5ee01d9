"""Buttons of the admin: each leads to a page that asks, and sending it calls a service.

The admin holds no rule. What a service refuses is shown on the page, and nothing is half done.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing_project.backoffice.effects import effects_of
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.pages import Section
from billing_project.errors import Refusal, Text
from billing_project.submissions.services import FIELD, is_first, key_in
from billing_project.tenancy.context import tenant_context

ADMINISTRATOR = "admin"
READS_ONLY = "support"
PREVIEW = "_preview"


def may_act(request: Any) -> bool:
    """Whether the operator may change things; support only reads."""
    return request.operator is not None and request.operator.role != READS_ONLY


def may_administer(request: Any) -> bool:
    """Whether the operator may change what holds for everybody: policy, issuer, operators."""
    return request.operator is not None and request.operator.role == ADMINISTRATOR


@dataclass(frozen=True)
class Act:
    """A button. Its page is `view(request)`, or `view(request, row)` when it stands on a row's page.

    `outside`: the act calls somebody else's server, so that no transaction may be open. Its view gives the
    Question, and the context of its page; its act opens tenant contexts of its own.
    `keeps_search`: the page of a list's act gets the search and filters of the list in its address.
    """

    name: str
    label: Text
    icon: str
    view: Callable[..., Any]
    on_row: bool
    allowed: Callable[[Any], bool] = may_act
    offered: Callable[[Any], bool] = lambda _row: True
    tone: str = ""
    outside: bool = False
    keeps_search: bool = False

    def url_name(self, model: type[models.Model]) -> str:
        return f"{model._meta.app_label}_{model._meta.model_name}_{self.name}"

    def checked(self, request: Any, *args: Any) -> Any:
        """What the view gives, for those who may open it: the page, or the question of an act outside."""
        if not self.allowed(request):
            raise PermissionDenied
        return self.view(request, *args)


_acts: dict[type[models.Model], list[Act]] = {}


def row_act(
    model: type[models.Model], name: str, label: Text, icon: str, **options: Any
) -> Callable[..., Any]:
    """Puts a button on the page of each row. `offered(row)` says whether it makes sense for this one."""
    return _register(model, name=name, label=label, icon=icon, on_row=True, **options)


def list_act(
    model: type[models.Model], name: str, label: Text, icon: str, **options: Any
) -> Callable[..., Any]:
    """Puts a button above the list."""
    return _register(model, name=name, label=label, icon=icon, on_row=False, **options)


def acts_of(model: type[models.Model]) -> list[Act]:
    return _acts.get(model, [])


def every_act() -> list[Act]:
    return [act for acts in _acts.values() for act in acts]


def _register(model: type[models.Model], **facts: Any) -> Callable[..., Any]:
    def register(view: Callable[..., Any]) -> Callable[..., Any]:
        _acts.setdefault(model, []).append(Act(view=view, **facts))
        return view

    return register


Told = Text | tuple[Text, str]
_Given = TypeVar("_Given")


@dataclass(frozen=True)
class Question:
    """A page that asks before an act.

    `act(cleaned)` calls the service and gives what to tell the operator: a text, or a text and the address to
    go on to. `back` is where to go otherwise. `preview()` is for a second button: a file to look at.
    `previewed`: the page can show what the act would book, pay and mail; it must write nothing but rows.
    """

    title: Text
    form: OperatorForm
    act: Callable[[dict[str, Any]], Told]
    back: str
    lead: Text = ""
    button: Text = ""
    tone: str = "primary"
    template: str = "admin/ask.html"
    previewed: bool = False
    preview: Callable[[], HttpResponse] | None = None

    @property
    def has_preview(self) -> bool:
        """For the template, which would call `preview` itself."""
        return self.preview is not None


Asked = tuple[Question, dict[str, Any]]


def ask(request: Any, question: Question, **context: Any) -> HttpResponse:
    """Shows the page; once it is sent with good values, acts, says so and goes on."""
    sent = request.method == "POST" and question.form.is_valid()
    if sent and question.preview and "preview" in request.POST:
        shown = _unless_refused(question.form, question.preview)
        return shown or _answer(request, question, None, context)
    if sent and question.previewed and PREVIEW in request.POST:
        context["sections"] = [*context.get("sections", ()), *_effects(question)]
        sent = False
    told = _try(question, transaction.atomic(), key_in(request.POST.get(FIELD, ""))) if sent else None
    return _answer(request, question, told, context)


def _effects(question: Question) -> list[Section]:
    told = _unless_refused(
        question.form, lambda: effects_of(lambda: question.act(question.form.cleaned_data))
    )
    return told or []


def ask_outside(request: Any, build: Callable[[], Asked]) -> HttpResponse:
    """The same for an act that calls somebody else's server: the act alone runs outside of a transaction."""
    with tenant_context(request.tenant):
        question, context = build()
        sent = request.method == "POST" and question.form.is_valid()
    told = _try(question, nullcontext()) if sent else None
    with tenant_context(request.tenant):
        return _answer(request, question, told, context)


def _answer(request: Any, question: Question, told: Told | None, context: dict[str, Any]) -> HttpResponse:
    if told is not None:
        text, onward = told if isinstance(told, tuple) else (told, question.back)
        messages.success(request, str(text))
        return HttpResponseRedirect(onward)
    form = question.form
    status = 200 if request.method != "POST" or not form.errors else 422
    return operator_page(
        request,
        question.template,
        title=question.title,
        question=question,
        form=form,
        submission=uuid4(),
        status=status,
        **context,
    )


def _try(
    question: Question, inside: AbstractContextManager[None], submission: UUID | None = None
) -> Told | None:
    def act() -> Told:
        with inside:
            if submission and not is_first(submission):
                return _(
                    "This form had been sent already and was carried out once. "
                    "For another, open the form anew."
                )
            return question.act(question.form.cleaned_data)

    return _unless_refused(question.form, act)


def _unless_refused(form: OperatorForm, act: Callable[[], _Given]) -> _Given | None:
    """What it gives; None when it was refused, which the form then says."""
    try:
        return act()
    except Refusal as refusal:
        show_refusal(form, refusal)
        return None


def show_refusal(form: forms.Form, refusal: Refusal) -> None:
    """Beside the fields that the refusal names, else above the form."""
    problems = [each for each in refusal.details.get("problems", []) if isinstance(each, dict)]
    for problem in problems:
        field = problem.get("field")
        form.add_error(field if field in form.fields else None, problem["message"])
    if not problems:
        form.add_error(None, refusal.message)


def operator_page(request: Any, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page inside the admin's frame."""
    return render(request, template, {**admin.site.each_context(request), **context}, status=status)


def list_of(model: type[models.Model], query: str = "") -> str:
    """The address of the list of a model."""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{address}?{query}" if query else address


def page_of(row: models.Model) -> str:
    """The address of a row's page."""
    return page_of_key(type(row), row.pk)


def page_of_key(model: type[models.Model], pk: int, act: str = "change") -> str:
    """The address of a row's page or of an act on it, when only its id is known."""
    before, after = _around(model._meta.app_label, str(model._meta.model_name), act)
    return f"{before}{pk}{after}"


@cache
def _around(app_label: str, model_name: str, act: str) -> tuple[str, str]:
    """What stands before and after the id in the addresses of rows; a list has a hundred of them."""
    address = reverse(f"admin:{app_label}_{model_name}_{act}", args=[0], urlconf=settings.ROOT_URLCONF)
    before, _zero, after = address.rpartition("/0/")
    return f"{before}/", f"/{after}"


def act_url(target: models.Model | type[models.Model], name: str) -> str:
    """The address of an act: of a row, or of the list when the model itself is given."""
    meta = target._meta
    args = [] if isinstance(target, type) else [target.pk]
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=args)

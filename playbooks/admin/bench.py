"""Playbook bench: pick or paste a story, have it played, look at it day by day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesRadioFilter
from unfold.decorators import display

from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, act_url, ask, list_act, list_of, may_act, page_of
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Fact, Facts, Insert, Prose, Section, section
from billing_project.jobs.runs import RunState, progress_of
from playbooks.admin.shown import shown_days
from playbooks.models import StoryRun
from playbooks.services import MAX_CHARACTERS, SECONDS, ask_for_story
from playbooks.shipped import shipped_stories
from playbooks.timeline import days_of, numbered


def may_play(request: Any) -> bool:
    """Where the bench is on, for those who may act."""
    return settings.PLAYBOOK_BENCH and may_act(request)


class StoryForm(OperatorForm):
    story = forms.CharField(
        label=_("Story (YAML)"),
        max_length=MAX_CHARACTERS,
        strip=False,
        widget=forms.Textarea({"rows": 24, "spellcheck": "false", "wrap": "off"}),
        help_text=_("Who the customers are, what happens when, and what must then be true."),
    )


@admin.register(StoryRun)
class StoryRunAdmin(OperatorAdmin):
    list_display = ("title", "outcome", "asked_by", "asked", "seconds")
    list_display_links = ("title",)
    search_fields = ("title", "asked_by")
    list_filter = (("state", ChoicesRadioFilter),)
    ordering = ("-asked_at",)

    def has_module_permission(self, request: Any) -> bool:
        return settings.PLAYBOOK_BENCH and super().has_module_permission(request)

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).defer("story", "events")

    @display(description=_("result"))
    def outcome(self, run: StoryRun) -> Any:
        return outcome_label(run)

    @display(description=_("asked"), ordering="asked_at")
    def asked(self, run: StoryRun) -> str:
        return cells.moments(run.asked_at)

    @display(description=_("seconds"))
    def seconds(self, run: StoryRun) -> Any:
        return _figure(run, "seconds")


def _figure(run: StoryRun, name: str) -> Any:
    return cells.number(run.result[name]) if run.result else "—"


def outcome_label(run: StoryRun) -> Any:
    if run.state != RunState.DONE:
        return cells.state(run.state, run.get_state_display())
    return cells.label(_("Holds"), "success") if run.passed else cells.label(_("Does not hold"), "danger")


@section(StoryRun, order=10)
def run_facts(_request: Any, run: StoryRun) -> Section:
    return Facts(
        _("Story"),
        (
            Fact(_("result"), outcome_label(run)),
            Fact(_("rules"), ", ".join(run.result.get("rules", ())) or "—"),
            Fact(_("steps"), _figure(run, "steps")),
            Fact(_("seconds"), _figure(run, "seconds")),
            Fact(_("asked by"), run.asked_by),
            Fact(_("asked"), cells.moments(run.asked_at)),
        ),
    )


@section(StoryRun, order=20)
def run_work(_request: Any, run: StoryRun) -> Section | None:
    """How far it is; of one that broke down, why."""
    if run.state == RunState.DONE:
        return None
    context = {"run": run, "progress": progress_of(run), "pause": "1s"}
    return Insert(_("Progress"), "admin/story_progress.html", context)


@section(StoryRun, order=30)
def run_verdict(_request: Any, run: StoryRun) -> Section | None:
    if run.state != RunState.DONE:
        return None
    if run.passed:
        return Prose(_("The story holds"), _("Every step went as the story says."), "success")
    problems = run.result["problems"]
    return Insert(_("The story does not hold"), "admin/story_problems.html", {"problems": problems})


@section(StoryRun, order=40)
def run_timeline(_request: Any, run: StoryRun) -> Section | None:
    if not run.events:
        return None
    days = shown_days(days_of(run.events, run.result["problems"]))
    return Insert(_("Day by day"), "admin/story_timeline.html", {"days": days})


@section(StoryRun, order=50)
def run_text(_request: Any, run: StoryRun) -> Section:
    lines = numbered(run.story, run.result.get("problems", ()))
    context = {"lines": lines, "again": f"{act_url(StoryRun, 'play')}?again={run.pk}"}
    return Insert(_("The story as it was played"), "admin/story_text.html", context)


@list_act(StoryRun, "play", _("Play a story"), "play_arrow", allowed=may_play, tone="primary")
def play_page(request: Any) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> tuple[Any, str]:
        run = ask_for_story(text=cleaned["story"].replace("\r\n", "\n"))
        return _("The story is being played."), page_of(run)

    picked = request.GET.get("story", "")
    form = StoryForm(request.POST or None, initial={"story": _text_to_begin_with(request)})
    lead = _(
        "A story is played in a tenant of its own that is thrown away. Nothing of it touches your data,"
        " and no mail leaves. It may take %(seconds)s seconds."
    ) % {"seconds": SECONDS}
    question = Question(
        _("Play a story"), form, act, list_of(StoryRun), lead, _("Play"), template="admin/story_play.html"
    )
    stories = list(shipped_stories().values())
    return ask(request, question, opts=StoryRun._meta, stories=stories, picked=picked)


def _text_to_begin_with(request: Any) -> str:
    """The story picked from those shipped, or one that was played before."""
    if (story := shipped_stories().get(request.GET.get("story", ""))) is not None:
        return story.text
    again = request.GET.get("again", "")
    before = StoryRun.objects.filter(pk=int(again)).first() if again.isdecimal() and len(again) < 18 else None
    return before.story if before else ""

"""The bench: a worker plays a story in a tenant that is thrown away; its result is kept for a while."""

from __future__ import annotations

import json
import time as stopwatch
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import Issuer
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.jobs.runs import UNDER_WAY, RunState, asked_now, carry_out, note_progress
from billing_project.tenancy.context import tenant_context
from playbooks.format import InvalidPlaybook, Problem, Story, load_text
from playbooks.models import StoryRun
from playbooks.runner import Outcome, run_story
from playbooks.runner.outcome import StoryFailed
from playbooks.runner.world import World

MAX_CHARACTERS = 100_000
MAX_STEPS = 500
MAX_EVENTS = 3_000
SECONDS = 60
KEPT = timedelta(days=14)
KEPT_AT_MOST = 30


@transaction.atomic
def ask_for_story(*, text: str) -> StoryRun:
    """Has a worker play the story. Nothing of it touches this tenant.

    Raises Refusal `invalid_playbook` with the places that are wrong (field `story`), or `invalid_input` while
    another story of the tenant is under way.
    """
    story = _read(text)
    Issuer.objects.select_for_update().get()
    if StoryRun.objects.filter(state__in=UNDER_WAY).exists():
        raise Refusal(
            Code.INVALID_INPUT,
            gettext_lazy("A story is under way. Wait for its end, then play the next one."),
        )
    _forget_old()
    title = story.playbook.title_in(get_language())[:200]
    run: StoryRun = StoryRun.objects.create(title=title, story=text, **asked_now())
    record("story_asked_for", run, title=run.title)
    _enqueue(run)
    return run


def run_asked_for(*, tenant_id: int, run_id: int) -> None:
    """The worker's part; opens its own transactions."""
    carry_out(StoryRun, tenant_id, run_id, lambda run: _play(tenant_id, run))


def _play(tenant_id: int, run: StoryRun) -> None:
    story = load_text(run.story)
    outcome = run_story(story, watch=_Watch(run, len(story.playbook.steps)))
    with tenant_context(tenant_id):
        locked = StoryRun.objects.select_for_update().get(pk=run.pk)
        if locked.under_way:
            locked.events = _plain([asdict(event) for event in outcome.events])
            locked.save(update_fields=["events"])
            locked.end(RunState.DONE, result=_result(outcome))


class _Watch:
    """Tells how far a story is, and stops one that takes too much."""

    def __init__(self, run: StoryRun, steps: int) -> None:
        self.run, self.steps, self.told = run, steps, -1
        self.until = stopwatch.monotonic() + SECONDS

    def __call__(self, world: World) -> None:
        if stopwatch.monotonic() > self.until:
            raise StoryFailed(_("stopped: a story may take %(seconds)s seconds") % {"seconds": SECONDS})
        if len(world.events) > MAX_EVENTS:
            raise StoryFailed(_("stopped: a story may have %(count)s events") % {"count": MAX_EVENTS})
        done = sum(event.kind == "step" for event in world.events)
        if done != self.told:
            self.told = done
            note_progress(self.run, done, self.steps)


def _read(text: str) -> Story:
    try:
        _check_size(text)
        story = load_text(text)
        _check_steps(story)
    except InvalidPlaybook as error:
        problems = [{"field": "story", "message": told(problem)} for problem in error.problems]
        raise Refusal(Code.INVALID_PLAYBOOK, problems=problems) from error
    return story


def _check_size(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        message = _("expected at most %(count)s characters") % {"count": f"{MAX_CHARACTERS:,}"}
        raise InvalidPlaybook([Problem(1, "", message, 1)])


def _check_steps(story: Story) -> None:
    if len(story.playbook.steps) > MAX_STEPS:
        message = _("expected at most %(count)s steps") % {"count": MAX_STEPS}
        raise InvalidPlaybook([story.document.problem(("steps",), message)])


def told(problem: Problem) -> str:
    """A mistake as it is shown beside the story."""
    place = _("line %(line)s, column %(column)s") % {"line": problem.line, "column": problem.column or 1}
    return ": ".join(filter(None, [place, problem.path, problem.message]))


def _result(outcome: Outcome) -> dict[str, Any]:
    return {
        "passed": outcome.passed,
        "code": outcome.code,
        "rules": outcome.rules,
        "steps": outcome.steps,
        "seconds": round(outcome.seconds, 1),
        "problems": [asdict(problem) for problem in outcome.problems],
    }


def _plain(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Events as JSON values."""
    plain: list[dict[str, Any]] = json.loads(json.dumps(events, cls=DjangoJSONEncoder))
    return plain


def _forget_old() -> None:
    """Results are for looking at, not for keeping."""
    newest = StoryRun.objects.order_by("-asked_at").values_list("pk", flat=True)[: KEPT_AT_MOST - 1]
    kept = StoryRun.objects.filter(pk__in=list(newest), asked_at__gt=clock.now() - KEPT)
    StoryRun.objects.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()


def _enqueue(run: StoryRun) -> None:
    from playbooks.tasks import play_story

    play_story.enqueue(run.pk)

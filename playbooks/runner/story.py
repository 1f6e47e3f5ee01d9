"""Runs one story in a tenant of its own, which is gone afterwards."""

import time as stopwatch
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import transaction

from billing_project import clock
from billing_project.errors import Code, Refusal
from payments.gateways import using
from playbooks.format import InvalidPlaybook, Problem, Step, Story, load_file
from playbooks.format.document import dotted
from playbooks.runner.calendar import pass_time
from playbooks.runner.expectations import check
from playbooks.runner.invariants import check_invariants
from playbooks.runner.journal import record_news
from playbooks.runner.outcome import Outcome, StoryFailed
from playbooks.runner.setup import open_world
from playbooks.runner.support import NOT_SUPPORTED, unsupported
from playbooks.runner.verbs import act, refuse
from playbooks.runner.work import inline_and_silent
from playbooks.runner.world import Watch, World

FAILED = "failed"
log = structlog.get_logger(__name__)


class _ThrowAway(Exception):  # noqa: N818
    """Rolls the story's transaction back."""


def run_file(path: str) -> Outcome:
    """Reads and runs a file; whatever goes wrong is in the outcome."""
    try:
        story = load_file(path)
    except InvalidPlaybook as error:
        return Outcome(file=path, problems=error.problems, code=error.code)
    return run_story(story, path)


def run_story(story: Story, file: str = "", watch: Watch | None = None) -> Outcome:
    """Runs a story from its first step to its last, or to the first that fails; leaves nothing behind.

    `watch(world)` is called before every step and job.
    """
    playbook = story.playbook
    head = Outcome(file, playbook.title, playbook.rules, len(playbook.steps))
    if missing := unsupported(story):
        return replace(head, problems=tuple(missing), code=NOT_SUPPORTED)
    began = stopwatch.perf_counter()
    try:
        with thrown_away(story) as world:
            world.watch = watch
            problems, code = _play(world)
            events = tuple(world.events)
    except Refusal as refusal:
        return replace(head, problems=(Problem(1, "", _told(refusal)),), code=FAILED)
    seconds = stopwatch.perf_counter() - began
    return replace(head, problems=problems, code=code, events=events, seconds=seconds)


@contextmanager
def thrown_away(story: Story) -> Iterator[World]:
    """The world of a story, in a transaction that is rolled back at the end."""
    zone = ZoneInfo(settings.TIME_ZONE)
    start = datetime.combine(story.playbook.start, time(), tzinfo=zone)
    try:
        with transaction.atomic(), inline_and_silent(), clock.frozen(start) as hands:
            world = open_world(story, hands)
            with using(world.gateway):
                yield world
            raise _ThrowAway
    except _ThrowAway:
        pass


def _play(world: World) -> tuple[tuple[Problem, ...], str]:
    """Plays all steps; the problems of the first that fails, and why."""
    for index, (line, step) in enumerate(world.story.steps()):
        world.line = line
        where = f"{dotted(('steps', index))} {step.verb} at {step.at:%Y-%m-%d %H:%M}"
        try:
            _take(world, step)
        except StoryFailed as failure:
            return tuple(Problem(line, where, message) for message in failure.messages), FAILED
        except Refusal as refusal:
            code = NOT_SUPPORTED if refusal.code == Code.NOT_SUPPORTED_YET else FAILED
            return (Problem(line, where, _told(refusal)),), code
        except Exception as error:
            log.exception("playbook_step_failed", line=line)
            return (Problem(line, where, f"{type(error).__name__}: {error}"),), FAILED
    return (), ""


def _told(refusal: Refusal) -> str:
    return f"refused with {refusal.code.value}: {refusal}"


def _take(world: World, step: Step) -> None:
    pass_time(world, world.aware(step.at))
    world.tell("step", step.verb, step.model_dump(mode="json", exclude_unset=True, exclude={"at"}))
    if step.expect is not None:
        check(world, step.expect)
    elif step.refused is not None:
        refuse(world, step.refused)
    elif step.verb != "wait":
        act(world, step.verb, step.fields)
    record_news(world)
    check_invariants(world)

"""Stories that could not be played; one that was played and failed is an answer, not a failure."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing_project.backoffice.inbox import Kind, waits
from billing_project.jobs.runs import RunState, troubled
from playbooks.models import StoryRun


def _broken() -> QuerySet[StoryRun]:
    found: QuerySet[StoryRun] = troubled(StoryRun).exclude(state=RunState.REFUSED)
    return found


waits(
    90,
    Kind(
        "stories",
        _("Stories that could not be played"),
        StoryRun,
        _broken,
        since="asked_at",
        what="title",
        why="message",
        tone="info",
    ),
)

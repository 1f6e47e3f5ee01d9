"""Stories that operators have had played."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.jobs.runs import Run
from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.models import TenantModel


class StoryRun(Run, TenantModel):
    """A story as it was sent, and what came of it; kept for a while (see `services.KEPT`).

    `result`: `passed`, `code`, `rules`, `steps`, `seconds` and `problems` of the Outcome.
    """

    task_name = "playbooks.tasks.play_story"

    title = models.CharField(_("title"), max_length=200)
    story = models.TextField(_("story"))
    events = models.JSONField(default=list)

    class Meta(TenantModel.Meta):
        verbose_name = _("played story")
        verbose_name_plural = _("playbook bench")
        constraints = tenant_constraints(
            "playbooks_story_run", update=("state", "message", "result", "events", "finished_at"), delete=True
        )
        indexes = [models.Index(fields=["tenant", "-asked_at"], name="playbooks_story_run_recent")]

    def __str__(self) -> str:
        return self.title

    @property
    def passed(self) -> bool:
        return bool(self.result.get("passed"))

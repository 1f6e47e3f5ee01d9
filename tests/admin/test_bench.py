"""The playbook bench: a story is pasted or picked, played by a worker, and shown day by day."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import Customer, OperatorRole, Tenant
from billing_project.jobs.runs import RunState
from billing_project.outbox.models import Mail
from invoices.models import Document
from playbooks import services
from playbooks.models import StoryRun
from playbooks.services import run_asked_for
from playbooks.shipped import shipped_stories
from tests.admin.test_acts import count, get, post, url
from tests.admin.test_runs import page
from tests.admin.world import Office
from tests.playbooks.test_stories import SHORT

BROKEN = SHORT.replace("total: 33000", "total: 33001")


def play(office: Office, story: str) -> StoryRun:
    answer = post(office, "playbooks_storyrun_play", story=story)
    assert answer.status_code == 302, answer.content.decode()
    run = get(office, StoryRun, state=RunState.QUEUED)
    for _comes_twice in range(2):
        run_asked_for(tenant_id=office.tenant.pk, run_id=run.pk)
    return get(office, StoryRun, pk=run.pk)


def standing(office: Office) -> tuple[int, ...]:
    rows = tuple(count(office, model) for model in (Customer, Document, Mail))
    return (*rows, Tenant.objects.count())


def test_a_story_is_played_and_touches_nothing_of_the_tenant(office: Office) -> None:
    before = standing(office)
    run = play(office, SHORT)
    assert (run.state, run.passed, run.result["steps"], run.title) == (RunState.DONE, True, 6, "Short")
    assert standing(office) == before
    html = page(office, run)
    assert "2026-11-01" in html
    assert "33,000円" in html
    assert "売掛金" in html
    assert "残高: {acme: {receivable: 33,000}}" in html


def test_it_is_shown_as_under_way_until_it_has_ended(office: Office) -> None:
    post(office, "playbooks_storyrun_play", story=SHORT)
    run = get(office, StoryRun, state=RunState.QUEUED)
    assert 'hx-trigger="every 1s"' in page(office, run)
    again = post(office, "playbooks_storyrun_play", story=SHORT)
    assert again.status_code == 422
    assert count(office, StoryRun, state=RunState.QUEUED) == 1


def test_the_step_that_fails_is_marked_with_its_line(office: Office) -> None:
    run = play(office, BROKEN)
    assert (run.state, run.passed) == (RunState.DONE, False)
    [problem] = run.result["problems"]
    assert problem["line"] == 11
    html = page(office, run)
    assert "expected 33,001, found 33,000" in html
    assert 'id="line-11" class="story-failed"' in html
    assert html.count('<li class="story-failed">') == 1


@pytest.mark.parametrize(
    ("story", "place"),
    [
        ("title: [", "1行9文字目"),
        (SHORT.replace("deliver:", "delivr:", 1), "9行"),
        ("x" * (services.MAX_CHARACTERS + 1), "100000"),
        ("", "必須"),
    ],
)
def test_what_is_no_story_names_line_and_column(story: str, place: str, office: Office) -> None:
    answer = post(office, "playbooks_storyrun_play", story=story)
    assert answer.status_code == 422
    assert place in answer.content.decode()
    assert count(office, StoryRun, state=RunState.QUEUED) == 0


def test_a_story_that_takes_too_long_is_stopped(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "SECONDS", 0)
    run = play(office, SHORT)
    assert (run.state, run.passed) == (RunState.DONE, False)
    assert "0秒" in run.result["problems"][0]["message"]


def test_a_shipped_story_is_picked_and_one_played_is_taken_again(office: Office) -> None:
    address = url("playbooks_storyrun_play")
    name, story = next(iter(shipped_stories().items()))
    assert story.title in office.client().get(address, {"story": name}).content.decode()
    run = play(office, SHORT)
    assert "title: Short" in office.client().get(address, {"again": run.pk}).content.decode()
    assert office.client().get(address, {"story": "../../etc/passwd", "again": "x"}).status_code == 200


def test_only_who_may_act_plays_and_only_where_the_bench_is_on(office: Office, settings: Settings) -> None:
    address = url("playbooks_storyrun_play")
    assert office.client(OperatorRole.SUPPORT).get(address).status_code == 403
    settings.PLAYBOOK_BENCH = False
    assert office.client().get(address).status_code == 403
    assert url("playbooks_storyrun_changelist") not in office.client().get(url("index")).content.decode()


def test_old_results_are_forgotten(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "KEPT_AT_MOST", 2)
    for _each in range(3):
        play(office, SHORT)
    assert count(office, StoryRun) == 2


def test_every_story_of_the_product_has_its_title_in_both_languages(office: Office) -> None:
    stories = shipped_stories().values()
    japanese = [story.playbook.title_in("ja") for story in stories]
    assert all(re.search("[ぁ-んァ-ン一-龥]", title) for title in japanese)
    assert len(set(japanese)) == len(stories)
    html = office.client().get(reverse("admin:playbooks_storyrun_play")).content.decode()
    assert japanese[0] in html
    assert shipped_stories()["a12-dunning"].playbook.title_in("en") not in html


def test_a_run_bears_the_title_of_the_language_it_was_asked_in(office: Office) -> None:
    assert play(office, SHORT.replace("title: Short", "title: Short\ntitle_ja: 短い話")).title == "短い話"

"""`./manage.py playbook`: a line a file, the exit code, --show and --json."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.playbooks.test_stories import SHORT


@pytest.fixture
def good(tmp_path: Path) -> str:
    return written(tmp_path / "good.yaml", SHORT)


@pytest.fixture
def wrong(tmp_path: Path) -> str:
    return written(tmp_path / "wrong.yaml", SHORT.replace("total: 33000", "total: 33001"))


@pytest.fixture
def invalid(tmp_path: Path) -> str:
    return written(tmp_path / "invalid.yaml", SHORT.replace("deliver:", "delivr:", 1))


def written(file: Path, text: str) -> str:
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_a_line_for_a_story_that_holds(good: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("playbook", good)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"ok   {good}  Short (6 steps, ")


def test_exit_1_when_any_story_fails(
    good: str, wrong: str, invalid: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="1"):
        call_command("playbook", wrong, good, invalid)
    out = capsys.readouterr().out
    assert f"FAIL {wrong}  Short (failed)" in out
    assert (
        "line 11: steps[4] expect at 2026-11-01 07:00: documents[1] total: expected 33,001, found 33,000"
        in out
    )
    assert f"ok   {good}" in out
    assert f"FAIL {invalid} (invalid_playbook)" in out
    assert "line 9: steps[2].delivr: unknown key; expected one of" in out


def test_show_prints_documents_mails_and_entries_as_they_happen(
    good: str, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("playbook", "--show", good)
    out = capsys.readouterr().out
    order = [
        "2026-10-30 10:00 order",
        "ご注文を受付しました",
        "2026-10-30 11:00 deliver",
        "2026-11-01 07:00 job invoices.issue",
        "2026-11-01 07:00 document ",
        "2026-11-01 07:00 entry document",
        "receivable acme",
        "請求書発行のお知らせ",
        "2026-11-02 10:00 transfer",
        "entry payment",
    ]
    places = [out.index(part) for part in order]
    assert places == sorted(places)


def test_json_holds_the_same(good: str, wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="1"):
        call_command("playbook", "--json", good, wrong)
    report = json.loads(capsys.readouterr().out)
    assert report["passed"] is False
    held, failed = report["stories"]
    assert (held["passed"], held["title"], held["rules"], held["problems"]) == (True, "Short", ["A10"], [])
    document = next(event for event in held["events"] if event["kind"] == "document")
    assert document["at"].startswith("2026-11-01")
    assert document["facts"]["total"] == 33000
    assert document["facts"]["tax"] == {"standard": 3000}
    kinds = {event["kind"] for event in held["events"]}
    assert kinds == {"step", "job", "document", "mail", "entry"}
    assert failed["code"] == "failed"
    assert failed["problems"][0]["line"] == 11

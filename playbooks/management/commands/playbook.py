"""Runs playbooks from the command line."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console

from playbooks.runner import Outcome, run_file
from playbooks.runner.show import show, show_line


class Command(BaseCommand):
    help = "Runs billing stories, each in a tenant of its own that is thrown away; exit 1 if any fails."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="a playbook (YAML)")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--show", action="store_true", help="print every document, mail and ledger entry")
        how.add_argument("--json", action="store_true", dest="as_json", help="the same as JSON")

    def handle(self, *_args: Any, files: list[str], show: bool, as_json: bool, **_options: Any) -> None:
        outcomes = _report_json(files) if as_json else _report(files, in_full=show)
        if not all(outcome.passed for outcome in outcomes):
            sys.exit(1)


def _report(files: list[str], *, in_full: bool) -> list[Outcome]:
    console = Console(highlight=False, soft_wrap=True)
    outcomes = []
    for file in files:
        outcome = run_file(file)
        (show if in_full else show_line)(outcome, console)
        outcomes.append(outcome)
    return outcomes


def _report_json(files: list[str]) -> list[Outcome]:
    outcomes = [run_file(file) for file in files]
    stories = [{**asdict(outcome), "passed": outcome.passed} for outcome in outcomes]
    passed = all(outcome.passed for outcome in outcomes)
    json.dump({"passed": passed, "stories": stories}, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")
    return outcomes

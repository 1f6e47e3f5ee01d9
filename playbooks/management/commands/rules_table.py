"""Writes docs/rules.md, or says whether it is up to date."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from playbooks.rules_table import table


class Command(BaseCommand):
    help = "Writes docs/rules.md: which story shows which rule. --check: exit 1 when it is stale."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when stale")

    def handle(self, *_args: Any, check: bool, **_options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "rules.md"
        text = table()
        if not check:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            self.stderr.write("docs/rules.md is stale: run ./manage.py rules_table")
            sys.exit(1)

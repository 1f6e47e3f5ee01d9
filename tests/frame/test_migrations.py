"""Models and migrations say the same."""

from io import StringIO

from django.core.management import call_command


def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


def test_all_system_checks_pass_with_the_database() -> None:
    call_command("check", "--database", "default", stdout=StringIO())

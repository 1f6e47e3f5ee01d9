#!/usr/bin/env python
"""Django's command line. Starts the embedded servers first when the environment names no others."""

import os
import sys

WITHOUT_SERVERS = {
    "bench_pdf",
    "check_pint",
    "help",
    "version",
    "collectstatic",
    "compilemessages",
    "findstatic",
    "makemessages",
    "prepare_database",
    "sample_sales",
    "spectacular",
    "stripe_sandbox",
    "subset_icons",
}


def needs_servers(arguments: list[str]) -> bool:
    """Whether this command line, without the program's name, may ask the database or the broker."""
    if not arguments or {"-h", "--help", "--version"} & set(arguments):
        return False
    return arguments[0] not in WITHOUT_SERVERS


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing_project.settings")
    if needs_servers(sys.argv[1:]):
        from billing_project.embedded import EmbeddedError, start_if_needed

        try:
            start_if_needed()
        except EmbeddedError as error:
            sys.exit(str(error))

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

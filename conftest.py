"""Every test runs against a real PostgreSQL as the app role, and a real Valkey; see tests/databases.py.

The servers must be named before Django reads its settings, and other conftest files import models, so this
happens while pytest loads this file.
"""

import os
from collections.abc import Iterator

import django
import pytest
from django.conf import settings

from tests.databases import Slot

if settings.configured:
    raise pytest.UsageError("Unset DJANGO_SETTINGS_MODULE: servers must be named before Django starts.")
SLOT = Slot()
os.environ.update(SLOT.environment())
os.environ["PLAYBOOK_BENCH"] = "1"
os.environ["PUBLIC_PORT"] = ""
# Each test's client would look through all static files.
HERE_ALONE = {"DJANGO_SETTINGS_MODULE": "billing_project.settings", "WHITENOISE_USE_FINDERS": "0"}
os.environ.update(HERE_ALONE)
django.setup()
# A worker of pytest-xdist that inherited them would read the settings before it names a database of its own;
# a server in a process of its own serves its static files.
for name in HERE_ALONE:
    del os.environ[name]

ROLLING_BACK = {"db", "transactional_db", "live_server", "admin_user", "admin_client"}


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """In place of pytest-django's own test database."""


@pytest.fixture(scope="session", autouse=True)
def database(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """This process's database, open to every test. Nothing rolls back: make a tenant of your own."""
    SLOT.make()
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """pytest-django's ways to the database roll back or empty every table, under tests that commit."""
    for item in items:
        if item.get_closest_marker("django_db") or ROLLING_BACK & set(getattr(item, "fixturenames", ())):
            raise pytest.UsageError(f"{item.nodeid}: leave out django_db, {', '.join(sorted(ROLLING_BACK))}.")

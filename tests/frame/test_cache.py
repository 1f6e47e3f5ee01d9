"""Without its server the cache keeps nothing and stops nobody, but signing in waits."""

from typing import Any

import pytest
from django.core.cache import cache

from accounts.models import Tenant
from billing_project.throttle import too_many
from tests.factories import make_user
from tests.web.world import PASSWORD, visitor

NOBODY_LISTENS = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def away(settings: Any) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": NOBODY_LISTENS}}


def test_nothing_is_kept() -> None:
    cache.set("day", "Sunday")
    cache.set_many({"day": "Sunday"})
    assert cache.get("day", "unknown") == "unknown"
    assert cache.get_many(["day"]) == {}
    assert cache.get_or_set("day", lambda: "Monday") == "Monday"
    assert "day" not in cache
    assert [cache.add("day", 1), cache.touch("day"), cache.delete("day")] == [False] * 3
    cache.clear()
    cache.delete_many(["day"])
    with pytest.raises(ValueError, match="away"):
        cache.incr("day")


def test_pages_for_everybody_stay_open() -> None:
    assert not any(too_many("link:10.0.0.7", most=1, seconds=60) for _ in range(3))


def test_nobody_signs_in_while_attempts_cannot_be_counted(tenant: Tenant) -> None:
    user = make_user(password=PASSWORD)
    client = visitor(tenant)
    answer = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 429
    assert "_auth_user_id" not in client.session

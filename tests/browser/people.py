"""A browser in which somebody is signed in already; the way through the form is tested by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from accounts.models import Tenant, User
from tests.browser.conftest import DESKTOP, Site
from tests.web.world import sign_in


@contextmanager
def browsing(browser: Browser, **options: Any) -> Iterator[Page]:
    """A page in Japanese with a cache and cookies of its own."""
    context = browser.new_context(**{"viewport": DESKTOP, "locale": "ja", **options})
    yield context.new_page()
    context.close()


def enter(context: BrowserContext, site: Site, tenant: Tenant, user: User) -> None:
    """The person is signed in at this tenant from now on."""
    session = sign_in(user, tenant).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": site.url(tenant.slug)}])

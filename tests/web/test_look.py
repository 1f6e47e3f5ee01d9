"""The tenant's logo and colour on its pages."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.cache import cache
from PIL import Image

from accounts.services.branding import change_branding
from billing_project.tenancy.context import tenant_context
from tests.web.world import World, visitor


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    cache.clear()


def test_pages_have_the_tenants_logo_and_colour(world: World, elsewhere: World) -> None:
    client = world.client()
    assert "/look/" not in client.get("/").content.decode()
    written = BytesIO()
    Image.new("RGB", (200, 60), "navy").save(written, "PNG")
    with tenant_context(world.tenant):
        version = change_branding(logo=written.getvalue(), colour="#1a4d8f").pk
    html = client.get("/").content.decode()
    assert f"/look/{version}.css" in html
    assert f"/look/{version}.png" in visitor(world.tenant).get(f"/d/{world.link}/").content.decode()
    style = client.get(f"/look/{version}.css")
    assert "#1a4d8f" in style.content.decode()
    assert style["Content-Type"].startswith("text/css")
    assert client.get(f"/look/{version}.png").content.startswith(b"\x89PNG")
    assert visitor(elsewhere.tenant).get(f"/look/{version}.css").status_code == 404
    assert "/look/" not in elsewhere.client().get("/").content.decode()


def test_what_is_no_page_has_an_icon_too(world: World) -> None:
    answer = visitor(world.tenant).get("/favicon.ico")
    assert answer.status_code == 302
    assert answer["Location"].endswith(".svg")

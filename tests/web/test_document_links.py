"""The page behind a mailed link: no sign-in, a log of every visit, and nothing for who has no open link."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from billing_project import clock
from billing_project.tenancy.context import tenant_context
from invoices.models import AccessAction, DocumentAccess, DocumentFile, DocumentLink
from invoices.services.links import create_link, link_of, revoke_link
from tests.web.world import NOW, World, visitor


@pytest.fixture(autouse=True)
def no_visits() -> None:
    cache.clear()


def link(world: World) -> str:
    with tenant_context(world.tenant):
        return create_link(document=world.company.document, email="keiri@example.com")


def accesses(world: World) -> list[tuple[str, str]]:
    with tenant_context(world.tenant):
        rows = DocumentAccess.objects.filter(document=world.company.document).order_by("pk")
        return list(rows.values_list("action", "actor_label"))


def test_the_page_shows_the_document_and_is_logged(world: World) -> None:
    token, client = link(world), visitor(world.tenant)
    page = client.get(f"/d/{token}/")
    html = page.content.decode()
    assert page.status_code == 200
    for text in (world.company.document.number, "株式会社アクメ", "108,641", "9,876", "2026-11-30"):
        assert text in html
    assert page["Cache-Control"] == "private, no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page["X-Robots-Tag"]
    assert "<form" not in html
    file = client.get(f"/d/{token}/pdf")
    assert file.content.startswith(b"%PDF-")
    assert "filename*=utf-8''%E8%AB%8B" in file["Content-Disposition"]
    assert accesses(world) == [
        (AccessAction.OPENED, "keiri@example.com"),
        (AccessAction.DOWNLOADED, "keiri@example.com"),
    ]


def test_a_file_is_made_once(world: World) -> None:
    token, client = link(world), visitor(world.tenant)
    first, second = (client.get(f"/d/{token}/pdf").content for _ in range(2))
    assert first == second
    xml = client.get(f"/d/{token}/xml").content
    assert b"urn:peppol:pint:nontaxinvoice-1@jp-1" in xml
    with tenant_context(world.tenant):
        files = DocumentFile.objects.filter(document=world.company.document)
        assert {file.media_type: bytes(file.content) for file in files} == {
            "application/pdf": first,
            "application/xml": xml,
        }
        assert files.count() == 2


def test_the_page_speaks_english(seen: World) -> None:
    html = visitor(seen.tenant).get(f"/d/{seen.link}/?lang=en").content.decode()
    assert '<html lang="en"' in html
    assert "Download the PDF" in html


@pytest.mark.parametrize("tail", ["", "pdf", "xml"])
def test_ended_links_tell_nothing(world: World, tail: str) -> None:
    revoked, expiring = link(world), link(world)
    with tenant_context(world.tenant):
        found = link_of(revoked)
        assert found
        revoke_link(link=found)
        days = DocumentLink.objects.latest("pk").expires_at - NOW
    client = visitor(world.tenant)
    pages = [client.get(f"/d/{revoked}/{tail}")]
    with clock.frozen(NOW + days - timedelta(seconds=1)):
        assert client.get(f"/d/{expiring}/{tail}").status_code == 200
    with clock.frozen(NOW + days):
        pages.append(client.get(f"/d/{expiring}/{tail}"))
    for page in pages:
        assert page.status_code == 410
        assert world.company.document.number not in page.content.decode()
        assert "株式会社アクメ" not in page.content.decode()
        assert page["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("token", ["x", "A" * 43, "%00", "..", "' OR 1=1 --"])
def test_unknown_links_are_not_found(seen: World, token: str) -> None:
    assert visitor(seen.tenant).get(f"/d/{token}/").status_code == 404


def test_a_link_opens_nothing_at_another_tenant(seen: World, elsewhere: World) -> None:
    assert visitor(seen.tenant).get(f"/d/{seen.link}/").status_code == 200
    assert visitor(elsewhere.tenant).get(f"/d/{seen.link}/").status_code == 404
    assert visitor(elsewhere.tenant).get(f"/d/{seen.link}/pdf").status_code == 404


def test_guessing_is_braked(seen: World) -> None:
    client = visitor(seen.tenant, REMOTE_ADDR="203.0.113.9")
    answers = [client.get(f"/d/guess{number}/").status_code for number in range(61)]
    assert answers == [404] * 60 + [429]
    assert visitor(seen.tenant, REMOTE_ADDR="203.0.113.10").get(f"/d/{seen.link}/").status_code == 200


def test_members_downloads_are_logged_by_name(world: World) -> None:
    path = reverse("invoices:pdf", args=[world.company.document.public_id])
    assert world.client("accounting").get(path).content.startswith(b"%PDF-")
    assert accesses(world) == [(AccessAction.DOWNLOADED, world.company.users["accounting"].email)]

"""The page behind a mailed link: no sign-in, a log of every visit, and nothing for who has no open link."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.cache import cache
from django.urls import reverse
from PIL import Image

from accounts.models import Role
from accounts.selectors import contact_of
from accounts.services import NewContact, change_contact
from billing_project import clock
from billing_project.outbox.builders import build
from billing_project.outbox.models import Mail
from billing_project.tenancy.context import tenant_context
from invoices.models import AccessAction, DocumentAccess, DocumentFile, DocumentLink, WrongRecipient
from invoices.services.link_reports import see_to_report
from invoices.services.links import create_link, link_of, revoke_link
from payments.services import receive_transfer
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
    """Chosen by a link, and kept on the pages behind it: who reads it has no account."""
    reader = visitor(seen.tenant)
    assert 'href="?lang=en"' in reader.get(f"/d/{seen.link}/").content.decode()
    html = reader.get(f"/d/{seen.link}/?lang=en").content.decode()
    assert '<html lang="en"' in html
    assert "Download the PDF" in html
    assert f'href="/d/{seen.link}/wrong/?lang=en"' in html
    assert "Tell them" in reader.get(f"/d/{seen.link}/wrong/?lang=en").content.decode()


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


def test_the_page_shows_the_pages_of_the_document(seen: World) -> None:
    client = visitor(seen.tenant)
    assert f"/d/{seen.link}/page-1.png" in client.get(f"/d/{seen.link}/").content.decode()
    first = client.get(f"/d/{seen.link}/page-1.png")
    assert first["Content-Type"] == "image/png"
    assert Image.open(BytesIO(first.content)).width == 1000
    assert client.get(f"/d/{seen.link}/page-1.png").content == first.content
    for number in (0, 2, 6):
        assert client.get(f"/d/{seen.link}/page-{number}.png").status_code == 404


def test_the_page_says_that_it_was_paid(world: World) -> None:
    with tenant_context(world.tenant):
        receive_transfer(
            amount=108_641,
            payer_name="ｱｸﾒ",
            received_on=date(2026, 11, 3),
            reference="9",
            customer=world.company.customer,
        )
    html = visitor(world.tenant).get(f"/d/{link(world)}/").content.decode()
    assert "入金済み" in html
    assert "2026-11-03" in html


def test_the_wrong_person_says_so_once(world: World) -> None:
    """Who may name another contact is told, and operators; a form sent twice is one report."""
    token = link(world)
    client = visitor(world.tenant, enforce_csrf_checks=True)
    page = f"/d/{token}/wrong/"
    assert "<form" in client.get(page).content.decode()
    for _time in range(2):
        assert client.post(page, {"note": "経理は鈴木です"}).status_code == 200
    with tenant_context(world.tenant):
        [report] = WrongRecipient.objects.all()
        assert (report.note, report.handled_at) == ("経理は鈴木です", None)
        authority = world.company.members[Role.AUTHORITY]
        assert [mail.data["member"] for mail in mails("wrong_recipient")] == [authority.pk]
        letter = build(mails("wrong_recipient")[0])
        assert letter.recipient == authority.user.email
        for text in (world.company.document.number, "keiri@example.com", "経理は鈴木です"):
            assert text in letter.text
        see_to_report(report=report)
        see_to_report(report=report)
        report.refresh_from_db()
        assert report.handled_at == NOW


@pytest.mark.parametrize("case", ["expired", "moved", "revoked", "unknown"])
def test_a_new_link_goes_to_the_same_address_only(case: str, world: World) -> None:
    """Once a day, and only while the address is the accounting contact's; the answer is always the same."""
    with tenant_context(world.tenant):
        contact = contact_of(world.company.customer)
        token = create_link(document=world.company.document, email=contact.email)
        found = link_of(token)
        assert found
        if case == "revoked":
            revoke_link(link=found)
        elif case == "moved":
            change_contact(customer=world.company.customer, contact=NewContact("鈴木", "suzuki@example.com"))
        before = len(mails("document_issued"))
    with clock.frozen(NOW + timedelta(days=400)):
        client = visitor(world.tenant, enforce_csrf_checks=True)
        if case == "expired":
            ended = client.get(f"/d/{token}/").content.decode()
            assert f"/d/{token}/new/" in ended
            assert contact.email not in ended
        path = f"/d/{'nonsense' if case == 'unknown' else token}/new/"
        answers = [client.post(path) for _time in range(2)]
    assert {answer.status_code for answer in answers} == {200}
    assert "メールをご確認ください" in answers[0].content.decode()
    with tenant_context(world.tenant):
        assert len(mails("document_issued")) - before == (1 if case == "expired" else 0)


def mails(kind: str) -> list[Mail]:
    return list(Mail.objects.filter(kind=kind).order_by("pk"))

"""Logo, seal and colour of a seller: versions, that documents keep theirs, and the operators' page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from accounts.models import Branding, DateForm, Issuer, Tenant
from accounts.selectors import branding
from accounts.services.branding import change_branding
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.errors import Code, Refusal
from billing_project.tenancy.context import tenant_context
from invoices.models import Document
from invoices.rendering import content_of, render
from invoices.services.files import ensure_file
from invoices.services.issuer import issuer_snapshot
from invoices.services.previews import sample_document
from tests.admin.test_acts import get, post, url
from tests.admin.world import NOW, Office, make_busy_office
from tests.branding import pictures
from tests.factories import make_customer, make_tenant
from tests.invoices.shop import NOVEMBER_30, at, charge, close_and_issue, documents, make_shop
from tests.rendering.reading import text_of


@pytest.fixture
def office() -> Iterator[Office]:
    with clock.frozen(NOW):
        yield make_busy_office()


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


def test_parts_change_one_by_one_and_earlier_versions_stay(tenant: Tenant) -> None:
    with tenant_context(tenant):
        assert branding() is None
        first = change_branding(colour=" #1A4D8F ")
        second = change_branding(seal=pictures.seal())
        assert second.seal
        assert bytes(second.seal)[:4] == b"\x89PNG"
        assert (second.logo, second.colour) == (None, "#1a4d8f")
        third = change_branding(logo=pictures.logo(), seal=b"", colour="")
        assert (third.seal, third.colour) == (None, "")
        assert branding() == third
        assert list(Branding.objects.order_by("id")) == [first, second, third]
        first.refresh_from_db()
        assert first.colour == "#1a4d8f"
        assert AuditEntry.objects.filter(action="branding_changed").count() == 3


def test_what_is_the_same_makes_no_version(tenant: Tenant) -> None:
    with tenant_context(tenant):
        change_branding()
        assert branding() is None
        change_branding(colour="#1a4d8f", seal=pictures.seal())
        change_branding(colour="#1a4d8f", seal=pictures.seal())
        assert Branding.objects.count() == 1


@pytest.mark.parametrize(
    ("colour", "code"),
    [("red", Code.INVALID_INPUT), ("#12345", Code.INVALID_INPUT), ("#ffd700", Code.COLOUR_TOO_LIGHT)],
)
def test_a_bad_colour_is_refused(tenant: Tenant, colour: str, code: Code) -> None:
    with tenant_context(tenant):
        with pytest.raises(Refusal) as caught:
            change_branding(colour=colour)
        assert caught.value.code == code
        assert branding() is None


def test_the_app_can_neither_change_nor_remove_a_version(tenant: Tenant) -> None:
    with tenant_context(tenant):
        change_branding(colour="#1a4d8f")
        for sql in ("UPDATE accounts_branding SET colour = ''", "DELETE FROM accounts_branding"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)


def test_the_database_refuses_other_colours_and_large_pictures(tenant: Tenant) -> None:
    with tenant_context(tenant):
        now = change_branding(colour="#1a4d8f").created_at
        for wrong in ({"colour": "blue"}, {"logo": bytes(200_001)}, {"seal": bytes(200_001)}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Branding.objects.create(**wrong, created_at=now)


def issued() -> Document:
    charge(make_customer(), date(2026, 10, 30), 1_000)
    [document] = documents(close_and_issue())
    return document


def test_a_document_prints_the_look_of_its_day() -> None:
    """Issued before a change and rendered after it."""
    with at(make_shop(), "2026-11-01 07:00"):
        change_branding(colour="#1a4d8f", seal=pictures.seal())
        document = issued()
        before = content_of(document)
        change_branding(colour="#800000", logo=pictures.logo(), seal=b"")
        after = content_of(Document.objects.get(pk=document.pk))
        assert after == before
        assert (after.issuer.colour, after.issuer.logo) == ("#1a4d8f", None)
        assert bytes(ensure_file(document).content) == render(before, _xml(document))
        assert issuer_snapshot().branding == branding()
        sample = sample_document().issuer
        assert (sample.colour, sample.seal) == ("#800000", None)


def test_days_are_written_as_on_the_day_of_issue() -> None:
    """By the western year until the seller chooses the era; a document keeps its form."""
    shop = make_shop()
    with at(shop, "2026-11-01 07:00"):
        document = issued()
        change_branding(dates=DateForm.ERA)
        charge(document.customer, date(2026, 11, 1), 1_000)
    with at(shop, "2026-12-01 07:00"):
        [later] = documents(close_and_issue(NOVEMBER_30))
        before, after = (text_of(render(content_of(each))) for each in (document, later))
    assert "2026年11月1日" in before
    assert "令和" not in before
    for text in ("令和8年12月1日", "令和9年1月4日", "R8/11/01"):
        assert text in after
    assert "2026年" not in after
    assert "2026/" not in after


def _xml(document: Document) -> bytes:
    return bytes(ensure_file(document, "application/xml").content)


def test_a_seller_without_a_look_keeps_its_snapshot(tenant: Tenant) -> None:
    with tenant_context(tenant):
        first = issuer_snapshot()
        assert (first.branding, issuer_snapshot()) == (None, first)
        change_branding(colour="#1a4d8f")
        second = issuer_snapshot()
        assert second != first
        assert issuer_snapshot() == second


def uploaded(content: bytes, name: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/png")


def test_the_operators_page(office: Office) -> None:
    issuer = get(office, Issuer)
    page = office.client().get(url("accounts_issuer_change", issuer.pk)).content.decode()
    assert "まだありません。帳票は黒で印字されます。" in page
    kept = {"colour": "#1a4d8f", "dates": "era"}
    post(office, "accounts_issuer_branding", issuer.pk, logo=uploaded(pictures.logo()), **kept)
    post(office, "accounts_issuer_branding", issuer.pk, seal=uploaded(pictures.seal()), **kept)
    with tenant_context(office.tenant):
        now = branding()
        assert now is not None
        assert now.logo
        assert now.seal
    page = office.client().get(url("accounts_issuer_change", issuer.pk)).content.decode()
    assert page.count("data:image/png;base64,") == 2
    assert "#1a4d8f" in page
    assert "令和8年11月1日" in page
    sample = office.client().get(url("accounts_issuer_sample", issuer.pk))
    assert "令和8年" in text_of(sample.content)


def test_the_operators_page_shows_each_refusal_beside_its_field(office: Office) -> None:
    issuer = get(office, Issuer)
    svg = uploaded(pictures.EVIL_SVG, "logo.svg")
    answer = post(office, "accounts_issuer_branding", issuer.pk, logo=svg, colour="#1a4d8f", dates="western")
    assert answer.status_code == 422
    assert "SVG はスクリプト" in str(answer.context["form"].errors["logo"])
    light = post(office, "accounts_issuer_branding", issuer.pk, colour="#ffd700", dates="western")
    assert light.status_code == 422
    assert "#" in str(light.context["form"].errors["colour"])


def test_a_sample_is_shown_and_marked(office: Office) -> None:
    issuer = get(office, Issuer)
    answer = office.client().get(url("accounts_issuer_sample", issuer.pk))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "見\n本" in text_of(answer.content)
    assert "(未発行)" in text_of(answer.content)

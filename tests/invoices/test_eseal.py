"""The electronic seal: certificates made here, documents signed and checked with pyHanko's own validation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pikepdf import Pdf
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from accounts.models import Customer, Issuer, OperatorRole, Tenant
from accounts.services import add_operator
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.calendar import Month
from billing_project.errors import Code
from billing_project.tenancy.context import tenant_context
from invoices.eseal.certificates import read_certificate
from invoices.eseal.services import (
    certificate_in_use,
    remove_certificate,
    rotate_keys,
    upload_certificate,
)
from invoices.eseal.signing import sealed
from invoices.models import Document, DocumentSeal, SealCertificate
from invoices.services.files import ensure_file
from tests.acts import refused
from tests.factories import make_customer, make_user
from tests.invoices.seals import CA, EC_KEY, END, PASSWORD, RSA_KEY, START, bundle, certificate
from tests.invoices.shop import at, charge, close_and_issue, make_shop
from tests.web.world import sign_in


@pytest.fixture(scope="module")
def shop() -> tuple[Tenant, Customer]:
    tenant = make_shop()
    with at(tenant, "2026-09-01 00:00"):
        customer = make_customer()
    return tenant, customer


@pytest.fixture
def document(shop: tuple[Tenant, Customer], month: list[int] = [0]) -> Document:  # noqa: B006
    """Another month's invoice for each test."""
    tenant, customer = shop
    this = Month(2026, 1).plus(month[0])
    month[0] += 1
    with at(tenant, f"{this}-10 12:00"):
        charge(customer, this.first_day, 10_000)
    with at(tenant, f"{this.plus(1)}-01 07:00"):
        [found] = Document.objects.filter(closing=close_and_issue(this.last_day))
    return found


def checked(pdf: bytes) -> Any:
    """What pyHanko says of the one signature."""
    [signature] = PdfFileReader(BytesIO(pdf)).embedded_signatures
    trusted = asn1_x509.Certificate.load(CA.public_bytes(serialization.Encoding.DER))
    moment = datetime(2026, 6, 1, tzinfo=UTC)
    context = ValidationContext(trust_roots=[trusted], allow_fetching=False, moment=moment)
    return validate_pdf_signature(signature, context)


@pytest.mark.parametrize("key", [RSA_KEY, EC_KEY], ids=["RSA", "EC"])
def test_a_document_is_sealed_and_stays_pdf_a_with_its_xml(key: Any, shop: Any, document: Document) -> None:
    with at(shop[0], "2026-06-01 12:00"):
        used = upload_certificate(content=bundle(key), password=PASSWORD)
        file = ensure_file(document)
        assert ensure_file(document).sha256 == file.sha256
        seal = DocumentSeal.objects.get(document=document)
    pdf = bytes(file.content)
    status = checked(pdf)
    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"
    assert seal.certificate_id == used.pk
    with Pdf.open(BytesIO(pdf)) as read:
        assert read.open_metadata().get("pdfaid:part") == "3"
        assert read.open_metadata().get("pdfaid:conformance") == "B"
        assert list(read.attachments) == ["invoice.xml"]
        assert len(read.Root.AF) == 1
        [field] = read.Root.AcroForm.Fields
        assert str(field.V.SubFilter) == "/ETSI.CAdES.detached"
        assert int(field.F) & 4, "PDF/A asks every annotation to be printed"
        assert not int(field.F) & 2


def test_a_changed_byte_is_noticed(shop: Any, document: Document) -> None:
    with at(shop[0], "2026-06-01 12:00"):
        upload_certificate(content=bundle(EC_KEY), password=PASSWORD)
        pdf = bytearray(ensure_file(document).content)
    place = pdf.index(b"\nstream") + 20
    pdf[place] ^= 1
    assert not checked(bytes(pdf)).intact


@pytest.mark.parametrize(
    ("content", "password", "code"),
    [
        (bundle(EC_KEY), "wrong", Code.SEAL_PASSWORD_WRONG),
        (bundle(EC_KEY), "", Code.SEAL_PASSWORD_WRONG),
        (b"no such thing", PASSWORD, Code.SEAL_FILE_NOT_READABLE),
        (b"", PASSWORD, Code.SEAL_FILE_NOT_READABLE),
        (CA.public_bytes(serialization.Encoding.DER), PASSWORD, Code.SEAL_FILE_NOT_READABLE),
        (CA.public_bytes(serialization.Encoding.PEM), PASSWORD, Code.SEAL_FILE_NOT_READABLE),
        (b"0" * 100_001, PASSWORD, Code.SEAL_FILE_TOO_LARGE),
        (bundle(None, CA), PASSWORD, Code.SEAL_WITHOUT_KEY),
        (bundle(EC_KEY, certificate(EC_KEY, until=START + timedelta(days=9))), PASSWORD, Code.SEAL_EXPIRED),
        (bundle(EC_KEY, certificate(EC_KEY, signs=False)), PASSWORD, Code.SEAL_NOT_FOR_SIGNING),
        (bundle(rsa.generate_private_key(65537, 1024)), PASSWORD, Code.SEAL_KEY_NOT_SUPPORTED),
        (bundle(ec.generate_private_key(ec.SECP256K1())), PASSWORD, Code.SEAL_KEY_NOT_SUPPORTED),
    ],
)
def test_bad_files_are_refused(content: bytes, password: str, code: Code, shop: Any) -> None:
    with at(shop[0], "2026-06-01 12:00"):
        before = SealCertificate.objects.count()
        with refused(code):
            upload_certificate(content=content, password=password)
        assert SealCertificate.objects.count() == before


def test_renewed_removed_and_expired(shop: Any, document: Document) -> None:
    """An expired certificate stops no document; the key of a removed one is gone."""
    tenant = shop[0]
    with at(tenant, "2026-06-01 12:00"):
        first = upload_certificate(content=bundle(RSA_KEY), password=PASSWORD)
        second = upload_certificate(content=bundle(EC_KEY), password=PASSWORD)
        first.refresh_from_db()
        assert (bytes(first.encrypted), first.removed_at is not None) == (b"", True)
        assert certificate_in_use() == second
    with at(tenant, "2027-01-02 12:00"):
        pdf = bytes(ensure_file(document).content)
        assert not PdfFileReader(BytesIO(pdf)).embedded_signatures
        assert not DocumentSeal.objects.filter(document=document).exists()
    with at(tenant, "2026-06-02 12:00"):
        remove_certificate()
        remove_certificate()
        assert certificate_in_use() is None
        assert not SealCertificate.objects.exclude(encrypted=b"").exists()
        assert AuditEntry.objects.filter(action="seal_certificate_removed").count() == 1


def test_the_key_is_stored_encrypted_and_told_to_nobody(shop: Any, settings: Any) -> None:
    tenant = shop[0]
    old = settings.ESEAL_KEYS
    secret = EC_KEY.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with at(tenant, "2026-06-01 12:00"):
        used = upload_certificate(content=bundle(EC_KEY), password=PASSWORD)
        assert secret not in bytes(used.encrypted)
        told = str([entry.data for entry in AuditEntry.objects.filter(action="seal_certificate_uploaded")])
        assert PASSWORD not in told
        settings.ESEAL_KEYS = [Fernet.generate_key().decode(), *old]
        assert rotate_keys() == 1
        settings.ESEAL_KEYS = settings.ESEAL_KEYS[:1]
        assert rotate_keys() == 1
        settings.ESEAL_KEYS = old
        with pytest.raises(ImproperlyConfigured):
            rotate_keys()
        settings.ESEAL_KEYS = []
        with refused(Code.SEAL_NOT_CONFIGURED):
            upload_certificate(content=bundle(EC_KEY), password=PASSWORD)
        settings.ESEAL_KEYS = old
        remove_certificate()


def test_by_the_browsers_way(shop: Any) -> None:
    tenant = shop[0]
    users = {role: make_user() for role in (OperatorRole.ADMIN, OperatorRole.ACCOUNTING)}
    with tenant_context(tenant):
        issuer = Issuer.objects.get()
        for role, user in users.items():
            add_operator(user=user, role=role)
    upload = reverse("admin:accounts_issuer_seal", args=[issuer.pk])
    with clock.frozen(datetime(2026, 6, 1, tzinfo=UTC)):
        client = sign_in(users[OperatorRole.ADMIN], tenant)

        def send(password: str) -> Any:
            file = SimpleUploadedFile("seal.p12", bundle(EC_KEY))
            return client.post(upload, {"file": file, "password": password})

        wrong = send("wrong-password")
        assert wrong.status_code == 422
        assert "wrong-password" not in wrong.content.decode()
        assert send(PASSWORD).status_code == 302
        page = client.get(reverse("admin:accounts_issuer_change", args=[issuer.pk])).content.decode()
        assert "株式会社アルファ" in page
        accounting = sign_in(users[OperatorRole.ACCOUNTING], tenant)
        assert accounting.get(upload).status_code == 403
        remove = reverse("admin:accounts_issuer_remove-seal", args=[issuer.pk])
        assert client.post(remove).status_code == 302
    for day, words in ((20, "2027-01-01"), (40, "期限が切れ")):
        with clock.frozen(datetime(2026, 6, 1, tzinfo=UTC)), tenant_context(tenant):
            upload_certificate(content=bundle(EC_KEY), password=PASSWORD)
        with clock.frozen(END - timedelta(days=30) + timedelta(days=day)):
            dashboard = sign_in(users[OperatorRole.ADMIN], tenant).get(reverse("admin:index"))
            assert words in dashboard.content.decode()


def test_the_sellers_name_may_hold_any_letter() -> None:
    plain = BytesIO()
    with Pdf.new() as empty:
        empty.add_blank_page()
        empty.save(plain)
    key = read_certificate(bundle(EC_KEY), PASSWORD, datetime(2026, 6, 1, tzinfo=UTC)).whole
    assert checked(sealed(plain.getvalue(), key, name="髙𠮷 (株)")).bottom_line

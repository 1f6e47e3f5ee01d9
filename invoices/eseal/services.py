"""The seller's certificate: uploading, removing, and sealing documents with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from accounts.models import Issuer
from billing_project import clock
from billing_project.audit.services import record
from invoices.eseal.certificates import read_certificate
from invoices.eseal.keys import decrypted, encrypted, rotated
from invoices.models import Document, DocumentSeal, SealCertificate

WARNED_BEFORE = timedelta(days=30)


def certificate_in_use() -> SealCertificate | None:
    """The tenant's certificate, whether it is still valid or not; None when documents are not sealed."""
    found: SealCertificate | None = SealCertificate.objects.filter(removed_at=None).first()
    return found


@transaction.atomic
def upload_certificate(*, content: bytes, password: str) -> SealCertificate:
    """Seals the documents made from now on; a certificate before it is removed. The password is not kept.

    Raises what `read_certificate` raises, and Refusal `seal_not_configured`.
    """
    now = clock.now()
    read = read_certificate(content, password, now)
    key = encrypted(read.whole)
    issuer = Issuer.objects.select_for_update().get()
    SealCertificate.objects.filter(removed_at=None).update(removed_at=now, encrypted=b"")
    certificate: SealCertificate = SealCertificate.objects.create(
        subject=read.subject,
        authority=read.authority,
        serial=read.serial,
        sha256=read.sha256,
        key_type=read.key_type,
        not_before=read.not_before,
        not_after=read.not_after,
        encrypted=key,
        uploaded_at=now,
    )
    record("seal_certificate_uploaded", issuer, **_told(certificate))
    return certificate


@transaction.atomic
def remove_certificate() -> None:
    """Documents are no longer sealed; those that were stay so. The key is gone. Without one: nothing."""
    issuer = Issuer.objects.select_for_update().get()
    certificate = certificate_in_use()
    if certificate is None:
        return
    certificate.removed_at, certificate.encrypted = clock.now(), b""
    certificate.save(update_fields=["removed_at", "encrypted"])
    record("seal_certificate_removed", issuer, **_told(certificate))


def _told(certificate: SealCertificate) -> dict[str, str]:
    return {
        "subject": certificate.subject,
        "serial": certificate.serial,
        "not_after": certificate.not_after.isoformat(),
    }


@dataclass(frozen=True, slots=True)
class Sealed:
    """A PDF, and the certificate that sealed it, if one did."""

    pdf: bytes
    certificate: SealCertificate | None


def seal(pdf: bytes, *, name: str) -> Sealed:
    """Sealed while the tenant has a valid certificate; else as it was: an expired one stops no document.

    Raises ImproperlyConfigured when the stored key cannot be decrypted.
    """
    certificate = certificate_in_use()
    if certificate is None or not certificate.not_before <= clock.now() < certificate.not_after:
        return Sealed(pdf, None)
    # pyHanko takes a second to load: only a process that seals pays for it.
    from invoices.eseal.signing import sealed

    return Sealed(sealed(pdf, decrypted(certificate.encrypted), name=name), certificate)


def note_seal(document: Document, certificate: SealCertificate) -> None:
    DocumentSeal.objects.create(document=document, certificate=certificate, sealed_at=clock.now())


@transaction.atomic
def rotate_keys() -> int:
    """Encrypts the tenant's key anew with the first of ESEAL_KEYS; how many there were."""
    found = list(SealCertificate.objects.select_for_update().filter(removed_at=None))
    for certificate in found:
        certificate.encrypted = rotated(certificate.encrypted)
        certificate.save(update_fields=["encrypted"])
    return len(found)

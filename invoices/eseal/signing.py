"""Sealing a PDF: a PAdES B-B signature as the last, incremental change, so that PDF/A-3b and the XML stay.

pyHanko takes a second to load: only a process that seals pays for it.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

FIELD = "ElectronicSeal"


def sealed(pdf: bytes, whole: bytes, *, name: str, place: str = "JP") -> bytes:
    """The PDF with an invisible signature over all of its bytes. `whole`: PKCS#12 without a password."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, fields, signers

    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        name=name,
        location=place,
    )
    signed = BytesIO()
    signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), metadata, signer=_signer(whole), output=signed)
    return signed.getvalue()


def _signer(whole: bytes) -> Any:
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    bundle = pkcs12.load_pkcs12(whole, None)
    assert bundle.key is not None
    assert bundle.cert is not None
    key = bundle.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return SimpleSigner(
        signing_cert=_certificate(bundle.cert.certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(key),
        cert_registry=SimpleCertificateStore.from_certs(
            [_certificate(each.certificate) for each in bundle.additional_certs]
        ),
    )


def _certificate(cert: Any) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(cert.public_bytes(serialization.Encoding.DER))

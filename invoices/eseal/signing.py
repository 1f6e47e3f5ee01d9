"""Sealing a PDF: a PAdES B-B signature as the last, incremental change, so that PDF/A-3b and the XML stay."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.x509 import Certificate, load_pem_x509_certificates
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

FIELD = "ElectronicSeal"


class Signer(signers.SimpleSigner):
    """pyHanko's own reads and checks the key for each signature, which for RSA takes longer than the rest."""

    loaded: Any

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        assert digest_algorithm == "sha256"
        if isinstance(self.loaded, ec.EllipticCurvePrivateKey):
            return self.loaded.sign(data, ec.ECDSA(hashes.SHA256()))
        signature: bytes = self.loaded.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return signature


def sealed(pdf: bytes, whole: bytes, *, name: str, place: str = "JP") -> bytes:
    """The PDF with an invisible signature over all of its bytes; `whole` as `Certificate` has it."""
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


def _signer(whole: bytes) -> Signer:
    # The key was checked when it was uploaded.
    key: Any = serialization.load_pem_private_key(whole, None, unsafe_skip_rsa_key_validation=True)
    plain = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    own, *others = (_certificate(each) for each in load_pem_x509_certificates(whole))
    signer = Signer(
        signing_cert=own,
        signing_key=asn1_keys.PrivateKeyInfo.load(plain),
        cert_registry=SimpleCertificateStore.from_certs(others),
    )
    signer.loaded = key
    return signer


def _certificate(cert: Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(cert.public_bytes(serialization.Encoding.DER))

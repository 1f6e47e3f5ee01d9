"""Reading a PKCS#12 file, and what a certificate must be to seal documents. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from billing_project.errors import Code, Refusal

MAX_BYTES = 100_000
MOST_ROUNDS = 10_000_000
"""Of deriving a key from the password: more would only keep the server busy."""
LEAST_RSA_BITS = 2048
CURVES = ("secp256r1", "secp384r1", "secp521r1")


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a file holds. `whole` is the key, its certificate and the others, as PEM: keep it encrypted."""

    subject: str
    authority: str
    serial: str
    sha256: str
    key_type: str
    not_before: datetime
    not_after: datetime
    whole: bytes

    def __repr__(self) -> str:
        return f"Certificate({self.subject!r})"


def read_certificate(content: bytes, password: str, now: datetime) -> Certificate:
    """Raises Refusal `seal_file_too_large`, `seal_file_not_readable`, `seal_password_wrong`,
    `seal_without_key`, `seal_key_not_supported`, `seal_not_for_signing`, `seal_expired`.
    """
    if len(content) > MAX_BYTES:
        raise Refusal(Code.SEAL_FILE_TOO_LARGE)
    _check_form(content)
    bundle = _opened(content, password)
    cert = bundle.cert.certificate if bundle.cert else None
    if bundle.key is None or cert is None:
        raise Refusal(Code.SEAL_WITHOUT_KEY)
    key, key_type = _accepted(bundle.key)
    _check_use(cert)
    if not cert.not_valid_before_utc <= now < cert.not_valid_after_utc:
        raise Refusal(Code.SEAL_EXPIRED)
    chain = [each.certificate for each in bundle.additional_certs]
    return Certificate(
        subject=cert.subject.rfc4514_string()[:500],
        authority=cert.issuer.rfc4514_string()[:500],
        serial=f"{cert.serial_number:x}",
        sha256=cert.fingerprint(hashes.SHA256()).hex(),
        key_type=key_type,
        not_before=cert.not_valid_before_utc,
        not_after=cert.not_valid_after_utc,
        whole=_as_pem(key, [cert, *chain]),
    )


def _as_pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, chain: list[x509.Certificate]) -> bytes:
    pem = serialization.Encoding.PEM
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return b"".join([plain, *(each.public_bytes(pem) for each in chain)])


def _check_form(content: bytes) -> None:
    """Whether it is a PKCS#12 file at all, so that a wrong password can be told from a wrong file."""
    try:
        file = asn1_pkcs12.Pfx.load(content, strict=True)
        known = file["version"].native == "v3" and file["auth_safe"]["content_type"].native == "data"
        rounds = file["mac_data"]["iterations"].native if file["mac_data"].native else 0
    except (ValueError, TypeError, KeyError) as broken:
        raise Refusal(Code.SEAL_FILE_NOT_READABLE) from broken
    if not known or rounds > MOST_ROUNDS:
        raise Refusal(Code.SEAL_FILE_NOT_READABLE)


def _opened(content: bytes, password: str) -> pkcs12.PKCS12KeyAndCertificates:
    try:
        return pkcs12.load_pkcs12(content, password.encode() if password else None)
    except (ValueError, TypeError):
        # The cause could repeat what was sent: it goes no further.
        raise Refusal(Code.SEAL_PASSWORD_WRONG) from None


def _accepted(key: object) -> tuple[rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, str]:
    """The key and what it is called."""
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= LEAST_RSA_BITS:
        return key, f"RSA {key.key_size}"
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in CURVES:
        return key, f"EC {key.curve.name}"
    raise Refusal(Code.SEAL_KEY_NOT_SUPPORTED)


def _check_use(cert: x509.Certificate) -> None:
    """A certificate that names its uses must be one for signatures."""
    try:
        use = cert.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (use.digital_signature or use.content_commitment):
        raise Refusal(Code.SEAL_NOT_FOR_SIGNING)

"""Certificates for the electronic seal, made here by an authority of our own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

PASSWORD = "封印-2026"
START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


CA_KEY = ec.generate_private_key(ec.SECP256R1())
CA = (
    x509.CertificateBuilder()
    .subject_name(name("認証局"))
    .issuer_name(name("認証局"))
    .public_key(CA_KEY.public_key())
    .serial_number(1)
    .not_valid_before(START - timedelta(days=1))
    .not_valid_after(END + timedelta(days=3650))
    .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    .sign(CA_KEY, hashes.SHA256())
)
RSA_KEY = rsa.generate_private_key(65537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP384R1())


def certificate(key: Any, *, signs: bool = True, until: datetime = END) -> x509.Certificate:
    use = dict.fromkeys(
        (
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    use = {**use, "key_encipherment": not signs}
    return (
        x509.CertificateBuilder()
        .subject_name(name("株式会社アルファ"))
        .issuer_name(CA.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(START)
        .not_valid_after(until)
        .add_extension(x509.KeyUsage(digital_signature=signs, content_commitment=signs, **use), critical=True)
        .sign(CA_KEY, hashes.SHA256())
    )


def bundle(key: Any, cert: Any = None, *, password: str = PASSWORD, chain: Any = (CA,)) -> bytes:
    how = serialization.BestAvailableEncryption(password.encode())
    return pkcs12.serialize_key_and_certificates(b"seal", key, cert or certificate(key), chain, how)


def seal_file(password: str = "secret") -> bytes:
    """A file that can be uploaded in 2026."""
    return bundle(EC_KEY, password=password)

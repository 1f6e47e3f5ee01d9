"""Encrypting private keys with the keys of ESEAL_KEYS: the first encrypts, all of them decrypt."""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from billing_project.errors import Code, Refusal


def encrypted(content: bytes) -> bytes:
    """Raises Refusal `seal_not_configured` when the installation has no key for it."""
    if not settings.ESEAL_KEYS:
        raise Refusal(Code.SEAL_NOT_CONFIGURED)
    return _keys().encrypt(content)


def decrypted(content: bytes | memoryview) -> bytes:
    """Raises ImproperlyConfigured when none of the keys is the one that encrypted it."""
    try:
        return _keys().decrypt(bytes(content))
    except InvalidToken:
        raise ImproperlyConfigured("ESEAL_KEYS lacks the key that encrypted a certificate.") from None


def rotated(content: bytes | memoryview) -> bytes:
    """The same, encrypted with the first key."""
    return encrypted(decrypted(content))


def _keys() -> MultiFernet:
    if not settings.ESEAL_KEYS:
        raise ImproperlyConfigured("ESEAL_KEYS is not set, but a certificate was stored.")
    return MultiFernet([Fernet(key) for key in settings.ESEAL_KEYS])

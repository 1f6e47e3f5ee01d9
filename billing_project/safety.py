"""System checks: settings that are fine on a developer's machine and dangerous on a public one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

LOCAL = "localhost"
STRIPE = "https://api.stripe.com"
NEW_KEY = "python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
TEST_KEYS = ("sk_test_", "rk_test_")


@checks.register(checks.Tags.security)
def unsafe_settings(**_kwargs: Any) -> list[checks.CheckMessage]:
    """Errors for a base domain other than `localhost`; nothing starts until they are mended."""
    return [] if settings.BASE_DOMAIN == LOCAL else list(_problems())


def refuse_unsafe_settings() -> None:
    """For servers and workers, which Django starts without its checks. Raises ImproperlyConfigured."""
    if problems := unsafe_settings():
        raise ImproperlyConfigured(" ".join(f"{problem.id}: {problem.msg}" for problem in problems))


def _problems() -> Iterator[checks.CheckMessage]:
    if settings.DEBUG:
        yield checks.Error("DEBUG is on.", hint="Leave DEBUG unset.", id="frame.E001")
    if settings.DEMO or settings.MAIL_CAPTURE_DIR:
        yield checks.Error(
            "The demo's pages would show everybody's mail.",
            hint="Leave SHIMEBI_DEMO and MAIL_CAPTURE_DIR unset.",
            id="frame.E002",
        )
    if len(settings.SECRET_KEY) < 50:
        yield checks.Error(
            "SECRET_KEY is missing or too short.", hint="Set 50 random characters or more.", id="frame.E003"
        )
    if settings.PUBLIC_SCHEME != "https":
        yield checks.Error(
            "Sign-ins and document links would travel unencrypted.",
            hint="Set PUBLIC_SCHEME=https.",
            id="frame.E004",
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield checks.Error(
            "Any host name is accepted, and the host names the tenant.",
            hint="Set ALLOWED_HOSTS to the base domain and its subdomains.",
            id="frame.E005",
        )
    yield from _problems_of_seals()
    yield from _problems_of_cards()


def _problems_of_seals() -> Iterator[checks.CheckMessage]:
    for key in settings.ESEAL_KEYS:
        try:
            Fernet(key)
        except ValueError:
            yield checks.Error("A key of ESEAL_KEYS is no Fernet key.", hint=NEW_KEY, id="frame.E009")


@checks.register(checks.Tags.security)
def missing_seal_key(**_kwargs: Any) -> list[checks.CheckMessage]:
    """A warning only: who seals no documents needs no key."""
    if settings.ESEAL_KEYS:
        return []
    text = "ESEAL_KEYS is not set: no certificate for sealing documents can be stored."
    return [checks.Warning(text, hint=NEW_KEY, id="frame.W001")]


def _problems_of_cards() -> Iterator[checks.CheckMessage]:
    if settings.CARD_GATEWAY not in ("", "stripe"):
        yield checks.Error(
            "Cards are charged by nobody: the provider only plays.",
            hint="Set CARD_GATEWAY=stripe, or leave it unset.",
            id="frame.E006",
        )
    if settings.STRIPE_API_BASE != STRIPE:
        yield checks.Error(
            "Cards are charged at another address than Stripe's, such as the sandbox's.",
            hint="Leave STRIPE_API_BASE unset.",
            id="frame.E007",
        )
    if settings.STRIPE_SECRET_KEY.startswith(TEST_KEYS) or "sandbox" in settings.STRIPE_WEBHOOK_SECRET:
        yield checks.Error(
            "Cards would be charged with a key for tests: goods would leave without money.",
            hint="Set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET of the live account.",
            id="frame.E008",
        )

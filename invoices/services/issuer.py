"""The issuer as documents print it, kept once per content (documents hold copies of all they print)."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from accounts.models import BankAccount, Branding
from accounts.selectors import branding_without_pictures, issuer
from invoices.models import IssuerSnapshot

_FIELDS = (
    "name",
    "service_name",
    "registration_number",
    "charges_tax",
    "postcode",
    "address",
    "phone",
    "email",
    "document_note",
)
_ACCOUNT_FIELDS = ("bank_code", "bank_name", "branch_code", "branch_name", "kind", "number", "holder_kana")


def issuer_snapshot() -> IssuerSnapshot:
    """What the issuer's record says now, and how it looks; the row of equal content is used again."""
    now = issuer_as_now()
    snapshot: IssuerSnapshot = IssuerSnapshot.objects.get_or_create(
        digest=now.digest, defaults={"content": now.content, "branding": now.branding}
    )[0]
    return snapshot


def issuer_as_now() -> IssuerSnapshot:
    """The same, not stored: for samples."""
    content, look = _content(), branding_without_pictures()
    return IssuerSnapshot(digest=_digest(content, look), content=content, branding=look)


def _digest(content: dict[str, Any], look: Branding | None) -> str:
    said = content if look is None else {**content, "branding": look.pk}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _content() -> dict[str, Any]:
    record = issuer()
    accounts = BankAccount.objects.filter(is_active=True)
    return {
        **{name: getattr(record, name) for name in _FIELDS},
        "bank_accounts": [{name: getattr(account, name) for name in _ACCOUNT_FIELDS} for account in accounts],
    }

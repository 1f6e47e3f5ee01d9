"""The issuer as documents print it, kept once per content (documents hold copies of all they print)."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from accounts.models import BankAccount
from accounts.selectors import issuer
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
    """What the issuer's record says now; the row of equal content is used again."""
    content = _content()
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    snapshot: IssuerSnapshot = IssuerSnapshot.objects.get_or_create(
        digest=digest, defaults={"content": content}
    )[0]
    return snapshot


def _content() -> dict[str, Any]:
    record = issuer()
    accounts = BankAccount.objects.filter(is_active=True)
    return {
        **{name: getattr(record, name) for name in _FIELDS},
        "bank_accounts": [{name: getattr(account, name) for name in _ACCOUNT_FIELDS} for account in accounts],
    }

"""The code lists of JP PINT, as far as our documents need them."""

from __future__ import annotations

from accounts.policy.choices import TaxCategory
from invoices.rendering.content import Kind, PrintedDocument

BILLING = "urn:peppol:pint:billing-1@jp-1"
NON_TAX = "urn:peppol:pint:nontaxinvoice-1@jp-1"
PROFILE = "urn:peppol:bis:billing"
INVOICE, INVOICE_OUT_OF_SCOPE = "380", "480"

CORPORATE_NUMBER = "0188"
REGISTRATION_NUMBER = "0221"
UNKNOWN = "0" * 13
"""An address is demanded of both sides, and no list knows mail addresses: who has none is not reached."""

CREDIT_TRANSFER = "30"

OUT_OF_SCOPE = "O"
TAX_CATEGORIES = {
    TaxCategory.STANDARD: "S",
    TaxCategory.REDUCED: "AA",
    TaxCategory.ZERO: "G",
    TaxCategory.EXEMPT: "E",
    TaxCategory.OUT_OF_SCOPE: OUT_OF_SCOPE,
}
"""UNCL5305: S 10 %, AA 8 %, G export, E exempt, O out of scope."""

PIECE, ONE = "H87", "C62"
_UNITS = {
    "": PIECE,
    "枚": PIECE,
    "個": PIECE,
    "台": PIECE,
    "本": PIECE,
    "式": "LS",
    "時間": "HUR",
    "日": "DAY",
    "月": "MON",
    "ヶ月": "MON",
    "年": "ANN",
    "kWh": "KWH",
}


def unit_code(unit: str) -> str:
    """UN/ECE Recommendation 20; a unit it does not know counts as “one”."""
    return _UNITS.get(unit, ONE)


def is_taxed(document: PrintedDocument) -> bool:
    """Whether the tax is stated here: not by a seller that is not registered, nor on a payment statement."""
    return document.states_tax and bool(document.issuer.registration_number)


def specification(document: PrintedDocument) -> tuple[str, str]:
    """The identifier of the specification and the type of invoice."""
    if is_taxed(document) or document.kind is Kind.PAYMENT_STATEMENT:
        return BILLING, INVOICE
    return NON_TAX, INVOICE_OUT_OF_SCOPE

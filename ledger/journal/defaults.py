"""Names of accounts and tax codes as the programs know them; a tenant changes what differs there. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.policy.choices import TaxCategory
from ledger.models import Account, JournalFormat

Key = tuple[str, str, int | None]
"""Account, tax category (empty: none) and rate in percent."""


@dataclass(frozen=True, slots=True)
class Name:
    """An account in the program. In the sub-account {code} and {name} stand for the customer's."""

    account: str
    sub_account: str = ""
    tax_code: str = ""
    return_tax_code: str = ""


_ACCOUNTS = {
    Account.RECEIVABLE: ("売掛金", ""),
    Account.DEPOSIT: ("前受金", ""),
    Account.SUSPENSE: ("仮受金", ""),
    Account.BANK: ("普通預金", ""),
    Account.CARD_CLEARING: ("未収入金", "カード"),
    Account.KONBINI_CLEARING: ("未収入金", "コンビニ"),
    Account.DEBIT_CLEARING: ("未収入金", "口座振替"),
    Account.PAYOUT_PAYABLE: ("未払金", ""),
    Account.TRANSFER_FEES: ("支払手数料", ""),
    Account.PROVIDER_FEES: ("支払手数料", ""),
    Account.CARD_FEES: ("支払手数料", ""),
    Account.TAX_PAYABLE: ("仮受消費税", ""),
}

_NO_TAX = "対象外"
_RATED = ((TaxCategory.STANDARD, 10), (TaxCategory.REDUCED, 8))
_UNTAXED = (TaxCategory.ZERO, TaxCategory.EXEMPT, TaxCategory.OUT_OF_SCOPE)

# Of sales, of sales taken back, of bad debt.
_TAXED: dict[str, dict[tuple[TaxCategory, int], tuple[str, str, str]]] = {
    JournalFormat.YAYOI: {
        _RATED[0]: ("課税売上内10%", "課税売返内10%", "課税貸倒内10%"),
        _RATED[1]: ("課税売上内軽減8%", "課税売返内軽減8%", "課税貸倒内軽減8%"),
    },
    JournalFormat.FREEE: {
        _RATED[0]: ("課税売上10%", "課売返還10%", "課売貸倒10%"),
        _RATED[1]: ("課税売上8%（軽）", "課売返還8%（軽）", "課売貸倒8%（軽）"),
    },
    JournalFormat.MONEY_FORWARD: {
        _RATED[0]: ("課税売上 10%", "課税売上-返還 10%", "課税売上-貸倒 10%"),
        _RATED[1]: ("課税売上 (軽)8%", "課税売上-返還 (軽)8%", "課税売上-貸倒 (軽)8%"),
    },
}
_UNTAXED_CODES: dict[str, tuple[str, str, str]] = {
    JournalFormat.YAYOI: ("輸出売上", "非課売上", _NO_TAX),
    JournalFormat.FREEE: ("輸出売上", "非課売上", _NO_TAX),
    JournalFormat.MONEY_FORWARD: ("輸出売上 0%", "非課税売上", _NO_TAX),
}


def names_of(format: str) -> dict[Key, Name]:
    """Every account of the ledger, sales and bad debt in each category and rate of today."""
    names: dict[Key, Name] = {
        (account, "", None): Name(name, sub, _NO_TAX) for account, (name, sub) in _ACCOUNTS.items()
    }
    if format == JournalFormat.YAYOI:
        names[Account.TAX_PAYABLE, "", None] = Name("仮受消費税等", "", _NO_TAX)
    for (category, rate), (sale, taken_back, lost) in _TAXED[format].items():
        names[Account.SALES, category, rate] = Name("売上高", "", sale, taken_back)
        names[Account.BAD_DEBT, category, rate] = Name("貸倒損失", "", lost, lost)
    for category, code in zip(_UNTAXED, _UNTAXED_CODES[format], strict=True):
        names[Account.SALES, category, None] = Name("売上高", "", code, code)
        names[Account.BAD_DEBT, category, None] = Name("貸倒損失", "", _NO_TAX, _NO_TAX)
    # A seller who states no tax.
    names[Account.SALES, "", None] = Name("売上高", "", _NO_TAX, _NO_TAX)
    names[Account.BAD_DEBT, "", None] = Name("貸倒損失", "", _NO_TAX, _NO_TAX)
    return {(str(account), str(category), rate): name for (account, category, rate), name in names.items()}

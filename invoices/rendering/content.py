"""What a printed document says, as plain frozen data: no database, no clock.

Whoever fills these in has already decided and stored every figure; nothing is added up or rounded here,
so the paper can never differ from the stored document.
Money is whole yen. Dates are days in the tenant's zone. Texts are printed as they are, never as markup.
"""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum

from accounts.policy.choices import PriceEntry, TaxCategory
from invoices.tax import TaxSum


class Kind(StrEnum):
    """The kinds of document (帳票) that are printed: those of `invoices.models`, and quotes."""

    QUOTE = "quote"
    DELIVERY_NOTE = "delivery_note"
    INVOICE = "invoice"
    RETURN_INVOICE = "return_invoice"
    CORRECTED_INVOICE = "corrected_invoice"
    PAYMENT_STATEMENT = "payment_statement"
    PLAIN_INVOICE = "plain_invoice"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` to `end`, both included."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class BankAccount:
    """An account to pay into. `holder` is usually kana, `kind` 普通 or 当座.

    `identifier` is what programs read: codes of bank, branch and kind, and the number, with colons between.
    """

    bank: str
    branch: str
    kind: str
    number: str
    holder: str
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class Issuer:
    """The seller as printed. `registration_number` is `T` and 13 digits, or None when not registered;
    `charges_tax` is False for a tax-exempt business, which prints neither rate nor tax.

    `bank_accounts` are those the addressee may pay this document into; empty when it is paid otherwise.
    `logo` and `seal` are PNG, `colour` is `#rrggbb`; without a colour lines and title are black.
    `era_dates`: days are printed by the Japanese era.
    """

    name: str
    registration_number: str | None
    postcode: str
    address: str
    phone: str = ""
    email: str = ""
    bank_accounts: tuple[BankAccount, ...] = ()
    logo: bytes | None = None
    seal: bytes | None = None
    colour: str = ""
    era_dates: bool = False
    charges_tax: bool = True


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom the document is addressed to, without honorifics (御中 and 様 are added in print)."""

    company: str
    department: str = ""
    contact: str = ""
    postcode: str = ""
    address: str = ""
    corporate_number: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line. A return's amount and quantity are negative, its unit price positive.

    `supplied_on` is the day of supply, on a return the day of the return; `original_supplied_on` is then
    the day of the supply that is returned. `reference` is the number of the document that a line of a
    payment statement stands for; such a line has no quantity and no tax.
    """

    description: str
    amount: int
    supplied_on: date | None = None
    quantity: Decimal | int | None = None
    unit: str = ""
    unit_price: Decimal | int | None = None
    tax_category: TaxCategory | None = None
    tax_rate: int | None = None
    service_period: Period | None = None
    original_supplied_on: date | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """Another document that this one returns, corrects or follows."""

    number: str
    title: str = ""
    issued_on: date | None = None


@dataclass(frozen=True, slots=True)
class PrintedDocument:
    """Everything one document prints.

    `due_on` and `due_time` are the last minute of a quote; else `due_on` is the due date. `total` is with
    tax; `total + carried_over - deposit_applied - paid_at_issue = amount_to_pay`, all as stored.
    `taxes` is empty where no tax is stated: a tax-exempt issuer, a payment statement.
    """

    kind: Kind
    title: str
    number: str
    issued_on: date
    issuer: Issuer
    addressee: Addressee
    lines: tuple[Line, ...]
    total: int
    amount_to_pay: int
    taxes: tuple[TaxSum, ...] = ()
    pricing: PriceEntry = PriceEntry.TAX_EXCLUSIVE
    due_on: date | None = None
    due_time: time | None = None
    period: Period | None = None
    payment_method: str = ""
    carried_over: int = 0
    deposit_applied: int = 0
    paid_at_issue: int = 0
    references: tuple[Reference, ...] = ()
    reason: str = ""
    notes: str = ""
    is_preview: bool = False

    @property
    def states_tax(self) -> bool:
        """Whether rates are printed: by an issuer who charges tax, unless delivery notes state them (S12)."""
        return self.issuer.charges_tax and self.kind is not Kind.PAYMENT_STATEMENT

    @property
    def bears_tax(self) -> bool:
        """Whether a rate is printed that is above nothing, so that sums with and without tax differ."""
        return self.states_tax and any(tax.rate is not None for tax in self.taxes)


def default_title(kind: Kind, *, qualified: bool) -> str:
    """The Japanese title of a kind. `qualified`: a registered issuer and at least one taxable line."""
    plain, suffix = _TITLES[kind]
    return plain + suffix if qualified else plain


_TITLES: dict[Kind, tuple[str, str]] = {
    Kind.QUOTE: ("見積書", ""),
    Kind.DELIVERY_NOTE: ("納品書", "(適格請求書)"),
    Kind.INVOICE: ("請求書", "(適格請求書)"),
    Kind.RETURN_INVOICE: ("返還請求書", "(適格返還請求書)"),
    Kind.CORRECTED_INVOICE: ("修正請求書", "(適格請求書)"),
    Kind.PAYMENT_STATEMENT: ("請求書", ""),
    Kind.PLAIN_INVOICE: ("請求書", ""),
}

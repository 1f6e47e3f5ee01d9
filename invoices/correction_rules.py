"""What may be corrected and how a corrected document comes about (X1). Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from accounts.policy.choices import TaxCategory
from billing_project.errors import Code, Refusal
from invoices.models import DocumentKind
from invoices.texts import check_text

MAX_REASON = 300
MAX_DESCRIPTION = 300
MAX_UNIT = 10
MOST_LINES = 2_000
MOST_QUANTITY = 1_000_000
MOST_YEN = 1_000_000_000_000

CORRECTABLE = frozenset(
    {
        DocumentKind.INVOICE,
        DocumentKind.DELIVERY_NOTE,
        DocumentKind.PLAIN_INVOICE,
        DocumentKind.CORRECTED_INVOICE,
    }
)
_OTHER_WAYS = {
    DocumentKind.RETURN_INVOICE: _(
        "A return invoice is not corrected. Correct the newest document of the sale; it takes the return in."
    ),
    DocumentKind.PAYMENT_STATEMENT: _(
        "A payment statement states no sale of its own. Correct the delivery note that it names."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedLine:
    """A line as the corrected document shall state it; `unit_price` in yen, priced as the document is.

    `of` is the position of the line that it restates, None for a line that was missing.
    """

    description: str
    quantity: int
    unit_price: int
    tax_category: str
    transaction_date: date
    of: int | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedAddressee:
    """The addressee's names as the corrected document shall print them; the address stays."""

    company_name: str
    department: str = ""
    contact_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingLine:
    """A line of the document that no return invoice has taken back.

    `fixed`: it takes back an earlier sale, or another bill takes it back. It is restated as it is.
    """

    line: CorrectedLine
    fixed: bool


def check_kind(kind: str) -> None:
    """Raises Refusal `not_correctable` for a kind of document that is mended in another way."""
    if kind not in CORRECTABLE:
        raise Refusal(Code.NOT_CORRECTABLE, _OTHER_WAYS.get(DocumentKind(kind)))


def check_reason(reason: str) -> str:
    """The reason without blanks around it. Raises Refusal `invalid_input`."""
    text = reason.strip()
    if not text:
        raise Refusal(Code.INVALID_INPUT, _("Say why the document is corrected; the reason is printed."))
    check_text(text, MAX_REASON, _("The reason"))
    return text


def check_addressee(addressee: CorrectedAddressee) -> None:
    """Raises Refusal `invalid_input` for a name that is missing, too long or not printable."""
    if not addressee.company_name.strip():
        raise Refusal(Code.INVALID_INPUT, _("Enter the company name."))
    check_text(addressee.company_name, 200, _("The company name"))
    check_text(addressee.department, 100, _("The department"))
    check_text(addressee.contact_name, 100, _("The contact"))


def check_lines(lines: Sequence[CorrectedLine], standing: Sequence[StandingLine], today: date) -> None:
    """Raises a Refusal for lines that cannot be billed.

    `invalid_input`, `invalid_amount`, `invalid_date`; `not_correctable` when a line that must
    stay as it is was changed or left out.
    """
    if not lines or len(lines) > MOST_LINES:
        raise Refusal(Code.INVALID_INPUT, _("A document has between 1 and %(most)s lines."), most=MOST_LINES)
    known = {each.line.of: each for each in standing}
    restated = [line.of for line in lines if line.of is not None]
    if len(set(restated)) < len(restated) or not set(restated) <= known.keys():
        raise Refusal(Code.INVALID_INPUT, _("A line names a line that the document does not have."))
    for each in standing:
        if each.fixed and each.line not in lines:
            raise Refusal(
                Code.NOT_CORRECTABLE,
                _("Line %(position)s belongs to a return and must stay as it is."),
                position=each.line.of,
            )
    for line in lines:
        if line.of is None or line != known[line.of].line:
            _check_line(line, today)


def _check_line(line: CorrectedLine, today: date) -> None:
    if not line.description.strip():
        raise Refusal(Code.INVALID_INPUT, _("Every line needs a description."))
    check_text(line.description, MAX_DESCRIPTION, _("The description"))
    check_text(line.unit, MAX_UNIT, _("The unit"))
    if line.tax_category not in TaxCategory.values:
        raise Refusal(Code.INVALID_INPUT, _("Choose a tax category for every line."))
    if not (1 <= line.quantity <= MOST_QUANTITY and 0 <= line.unit_price <= MOST_YEN):
        raise Refusal(
            Code.INVALID_AMOUNT, _("A line has a quantity of 1 or more and a price of 0 yen or more.")
        )
    if line.transaction_date > today:
        raise Refusal(Code.INVALID_DATE, _("The date of a supply cannot lie in the future."))


def is_changed(lines: Sequence[CorrectedLine], standing: Iterable[StandingLine]) -> bool:
    """Whether the lines state anything else than what stands, whatever their order."""
    return sorted(lines, key=_place) != [each.line for each in standing]


def _place(line: CorrectedLine) -> int:
    return MOST_LINES + 1 if line.of is None else line.of


def due_of_correction(*, due: date | None, asks_more: bool, today: date, by_rule: date) -> date:
    """When a corrected document is due: with the one it replaces.

    What asks for more than is due already, or had no due date since it was paid for, is due by the tenant's
    rule for a bill issued today.
    """
    if due is None or (asks_more and due < today):
        return by_rule
    return due


@dataclass(frozen=True, slots=True)
class Paid:
    """What of a document was paid out of one source, in yen."""

    source: str
    source_id: int
    amount: int


def take(paid: Iterable[Paid], most: int) -> list[Paid]:
    """Of the payments in their order as much as comes to `most` yen in all."""
    taken = []
    for each in paid:
        part = min(each.amount, most)
        if part > 0:
            taken.append(Paid(each.source, each.source_id, part))
            most -= part
    return taken

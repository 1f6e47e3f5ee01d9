"""The table of lines: which columns a document has and what stands in them. Pure functions."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from accounts.policy.choices import PriceEntry, TaxCategory
from invoices.rendering.content import Kind, Line, PrintedDocument
from invoices.rendering.formats import NEGATIVE_MARK, Dates, dates_of, number, printable
from invoices.rendering.wording import REDUCED_MARK, UNTAXED, WORDING


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name (the CSS class), its head and the text of a line in it."""

    name: str
    label: str
    text: Callable[[Line], str]


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell; `details` stand below the text in small type."""

    name: str
    text: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """A column as it is laid out: `width` in millimetres, None takes what the others leave."""

    name: str
    label: str
    width: float | None


# Widths in millimetres of columns whose texts are alike in all documents.
_WIDTHS: dict[str, float] = {"day": 20, "reference": 40, "unit": 12, "rate": 13}
# Columns of figures are as wide as their longest one, and their head at least.
_LEAST_WIDTHS: dict[str, float] = {"quantity": 13, "price": 20, "amount": 21}
_FIGURE_WIDTH = 1.68
_PADDING = 2.6


def heads_of(columns: list[Column], rows: list[list[Cell]]) -> list[Head]:
    """The columns with room for every figure; the description takes the rest, 50 mm at least."""
    return [
        Head(column.name, column.label, _width(column.name, [row[index].text for row in rows]))
        for index, column in enumerate(columns)
    ]


def _width(name: str, texts: list[str]) -> float | None:
    if name not in _LEAST_WIDTHS:
        return _WIDTHS.get(name)
    longest = max(map(figure_length, texts), default=0)
    return max(_LEAST_WIDTHS[name], round(longest * _FIGURE_WIDTH + _PADDING, 1))


def figure_length(text: str) -> int:
    """In widths of a digit; the mark of a negative sum is two wide."""
    return len(text) + text.count(NEGATIVE_MARK)


def columns_of(document: PrintedDocument) -> list[Column]:
    """The columns in order. For a tax-exempt issuer no rate (and no price basis) is printed."""
    if document.kind is Kind.PAYMENT_STATEMENT:
        return [*_day_column(document), *_STATEMENT_COLUMNS]
    basis = _price_basis(document)
    columns = [
        *_day_column(document),
        Column("text", "内容", _marked_description if document.states_tax else _description),
        Column("quantity", "数量", lambda line: _number_or_blank(line.quantity)),
        Column("unit", "単位", lambda line: printable(line.unit)),
        Column("price", f"単価{basis}", lambda line: _number_or_blank(line.unit_price)),
        Column("amount", f"金額{basis}", _amount),
    ]
    return [*columns, Column("rate", "税率", _rate)] if document.states_tax else columns


def row_of(line: Line, columns: list[Column], dates: Dates) -> list[Cell]:
    """The cells of one line."""
    return [
        Cell(column.name, column.text(line), _details(line, dates) if column.name == "text" else ())
        for column in columns
    ]


def has_reduced_line(document: PrintedDocument) -> bool:
    """Whether the legend of the mark ※ is owed."""
    return document.states_tax and any(line.tax_category is TaxCategory.REDUCED for line in document.lines)


def _day_column(document: PrintedDocument) -> list[Column]:
    if not any(line.supplied_on for line in document.lines):
        return []
    dates = dates_of(document.issuer)
    return [Column("day", WORDING[document.kind].supply_date, lambda line: _day(line, dates))]


def _price_basis(document: PrintedDocument) -> str:
    if not document.bears_tax:
        return ""
    return "(税抜)" if document.pricing == PriceEntry.TAX_EXCLUSIVE else "(税込)"


def _day(line: Line, dates: Dates) -> str:
    return dates.short(line.supplied_on) if line.supplied_on else ""


def _description(line: Line) -> str:
    return printable(line.description)


def _marked_description(line: Line) -> str:
    mark = f" {REDUCED_MARK}" if line.tax_category is TaxCategory.REDUCED else ""
    return _description(line) + mark


def _amount(line: Line) -> str:
    return number(line.amount)


def _rate(line: Line) -> str:
    if line.tax_category in UNTAXED:
        return UNTAXED[line.tax_category]
    return f"{line.tax_rate}%" if line.tax_rate is not None else ""


def _number_or_blank(value: Decimal | int | None) -> str:
    return "" if value is None else number(value)


def _details(line: Line, dates: Dates) -> tuple[str, ...]:
    details = []
    if line.service_period:
        details.append(f"利用期間 {dates.short_period(line.service_period)}")
    if line.original_supplied_on:
        details.append(f"元の取引日 {dates.short(line.original_supplied_on)}")
    return tuple(details)


_STATEMENT_COLUMNS = (
    Column("reference", "書類番号", lambda line: printable(line.reference)),
    Column("text", "内容", _description),
    Column("amount", "金額(税込)", _amount),
)

"""What the official rules let pass and an accountant does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from lxml import etree

from invoices.pint.tree import SPACES

_SPACES = {"ubl": SPACES[None], "cac": SPACES["cac"], "cbc": SPACES["cbc"]}
_AMOUNTS = "//*[@currencyID]"
Rate = tuple[str, str]


def problems_of(xml: bytes) -> list[str]:
    """Everything that is wrong, in English sentences; an empty list for a document that holds.

    Found are: sums that are no whole yen, a missing breakdown, two of one rate, one that differs from its
    lines, a line whose rate has none, and a quantity times a price that is not the line's amount.
    """
    try:
        root = etree.fromstring(xml, _parser())
    except etree.XMLSyntaxError as error:
        return [f"This is not XML: {error}"]
    return [*_fractions(root), *_breakdowns(root), *_products(root)]


def _parser() -> etree.XMLParser:
    """Reads what others wrote: no entities, no network."""
    return etree.XMLParser(resolve_entities=False, no_network=True)


def _fractions(root: etree._Element) -> Iterator[str]:
    for element in root.xpath(_AMOUNTS):
        amount = _number(element)
        if amount is None or amount != amount.to_integral_value():
            yield f"{_name(element)} {element.text} is not a whole number of yen."


def _breakdowns(root: etree._Element) -> Iterator[str]:
    found = [
        (_rate(each.find("cac:TaxCategory", _SPACES)), _number(each.find("cbc:TaxableAmount", _SPACES)))
        for each in root.iterfind("cac:TaxTotal/cac:TaxSubtotal", _SPACES)
    ]
    lines = _nets_by_rate(root)
    if not found and any(category != "O" for category, _percent in lines):
        yield "There is no tax breakdown."
        return
    for rate, count in Counter(rate for rate, _taxable in found).items():
        if count > 1:
            yield f"There are {count} breakdowns of {_words(rate)}."
    stated = dict(found)
    for rate, net in lines.items():
        if rate not in stated:
            if found:
                yield f"Lines of {_words(rate)} have no breakdown."
        elif stated[rate] != net:
            yield f"The breakdown of {_words(rate)} says {stated[rate]}, its lines add up to {net}."
    yield from (f"The breakdown of {_words(rate)} has no line." for rate in stated if rate not in lines)


def _nets_by_rate(root: etree._Element) -> dict[Rate, Decimal]:
    nets: dict[Rate, Decimal] = {}
    for line in root.iterfind("cac:InvoiceLine", _SPACES):
        rate = _rate(line.find("cac:Item/cac:ClassifiedTaxCategory", _SPACES))
        nets[rate] = nets.get(rate, Decimal()) + (
            _number(line.find("cbc:LineExtensionAmount", _SPACES)) or Decimal()
        )
    return nets


def _products(root: etree._Element) -> Iterator[str]:
    for line in root.iterfind("cac:InvoiceLine", _SPACES):
        quantity = _number(line.find("cbc:InvoicedQuantity", _SPACES))
        net = _number(line.find("cbc:LineExtensionAmount", _SPACES))
        price = _number(line.find("cac:Price/cbc:PriceAmount", _SPACES))
        of = _number(line.find("cac:Price/cbc:BaseQuantity", _SPACES)) or Decimal(1)
        if quantity is None or net is None or price is None or quantity * price != net * of:
            number = line.findtext("cbc:ID", namespaces=_SPACES)
            yield f"Line {number}: {quantity} × {price} ÷ {of} is not {net}."


def _rate(category: etree._Element | None) -> Rate:
    if category is None:
        return "", ""
    percent = _number(category.find("cbc:Percent", _SPACES))
    return (
        category.findtext("cbc:ID", "", _SPACES),
        "" if percent is None else f"{percent.normalize():f}",
    )


def _words(rate: Rate) -> str:
    category, percent = rate
    return f"category {category}" + (f" at {percent} %" if percent else "")


def _number(element: etree._Element | None) -> Decimal | None:
    try:
        return None if element is None else Decimal(element.text or "")
    except InvalidOperation:
        return None


def _name(element: etree._Element) -> str:
    return str(etree.QName(element).localname)

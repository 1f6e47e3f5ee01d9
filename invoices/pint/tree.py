"""The few things that writing UBL needs of XML."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
SPACES = {
    None: f"{_UBL}Invoice-2",
    "cac": f"{_UBL}CommonAggregateComponents-2",
    "cbc": f"{_UBL}CommonBasicComponents-2",
}


@dataclass(frozen=True, slots=True)
class Node:
    """An element; children are added in the order of the schema."""

    element: etree._Element

    def add(self, name: str) -> Node:
        return Node(etree.SubElement(self.element, _qualified(name)))

    def text(self, name: str, content: object, **attributes: str) -> None:
        """A child with this text. Characters that XML cannot hold are left out."""
        child = etree.SubElement(self.element, _qualified(name), attrib=dict(attributes))
        child.text = "".join(character for character in str(content) if _is_allowed(character))


def new_invoice() -> Node:
    """The root of an invoice."""
    return Node(etree.Element(f"{{{SPACES[None]}}}Invoice", nsmap=SPACES))


def amount(place: Node, name: str, yen: object) -> None:
    place.text(name, yen, currencyID="JPY")


def _qualified(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{SPACES[prefix]}}}{local}"


def _is_allowed(character: str) -> bool:
    code = ord(character)
    return code in (0x9, 0xA, 0xD) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000

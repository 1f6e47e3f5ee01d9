"""The official rules of JP PINT, run over a file: UBL's schema and both rule sets (compiled Schematron).

The rules are not part of the product; who has them names their folder, with `rules/` and `ubl21-xsd/` in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree
from saxonche import PySaxonProcessor

from invoices.pint.codes import NON_TAX

_SCHEMA = "ubl21-xsd/maindoc/UBL-Invoice-2.1.xsd"
_RULES = ("rules/PINT-UBL-validation-preprocessed.xslt", "rules/PINT-jurisdiction-aligned-rules.xslt")
_SVRL = {"svrl": "http://purl.oclc.org/dsdl/svrl"}


class OfficialRules:
    """The rules of a folder, read once. FileNotFoundError names what is missing in it."""

    def __init__(self, folder: Path) -> None:
        for name in (_SCHEMA, *_RULES):
            if not (folder / name).is_file():
                raise FileNotFoundError(str(folder / name))
        self._schema = etree.XMLSchema(etree.parse(str(folder / _SCHEMA)))
        self._processor = PySaxonProcessor(license=False)
        compiler = self._processor.new_xslt30_processor()
        self._rules = [
            compiler.compile_stylesheet(stylesheet_file=str((folder / name).resolve())) for name in _RULES
        ]

    def problems_of(self, xml: bytes) -> list[str]:
        """Every error and warning, with the id of its rule; empty for a document that conforms."""
        return [*self._of_schema(xml), *self._of_rules(xml)]

    def _of_schema(self, xml: bytes) -> Iterator[str]:
        try:
            document = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
        except etree.XMLSyntaxError as error:
            yield f"XML: {error}"
            return
        self._schema.validate(document)
        yield from (f"UBL 2.1: {entry.message}" for entry in self._schema.error_log)

    def _of_rules(self, xml: bytes) -> Iterator[str]:
        node = self._processor.parse_xml(xml_text=xml.decode())
        # The rules of the jurisdiction are those of the standard invoice: they refuse every other one.
        rules = self._rules[:1] if NON_TAX.encode() in xml else self._rules
        for rule in rules:
            report = etree.fromstring(rule.transform_to_string(xdm_node=node).encode())
            for failed in report.iterfind(".//svrl:failed-assert", _SVRL):
                text = " ".join("".join(failed.itertext()).split())
                yield f"{failed.get('id')} ({failed.get('flag')}): {text}"

"""PDF/A-3b with the XML inside, read back from the file's structure."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest

from invoices.pint import write_pint
from invoices.rendering import render
from invoices.rendering.attaching import FILE_NAME
from invoices.rendering.samples import sample_invoice

NAMES = {"pdfaid": "http://www.aiim.org/pdfa/ns/id/"}


@pytest.fixture(scope="module")
def made() -> tuple[bytes, bytes]:
    document = sample_invoice(60)
    xml = write_pint(document)
    return render(document, xml), xml


@pytest.fixture(scope="module")
def pdf(made: tuple[bytes, bytes]) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(made[0]))


def test_it_says_that_it_is_pdf_a_3b(pdf: pikepdf.Pdf) -> None:
    metadata = pdf.open_metadata()
    assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "B")
    assert pdf.Root.Lang == "ja"
    assert "請求書" in str(metadata["dc:title"])


def test_it_has_one_output_intent_with_a_profile(pdf: pikepdf.Pdf) -> None:
    [intent] = pdf.Root.OutputIntents
    assert intent.S == "/GTS_PDFA1"
    assert len(intent.DestOutputProfile.read_bytes()) > 128


def test_the_xml_is_attached_once_as_an_alternative(made: tuple[bytes, bytes], pdf: pikepdf.Pdf) -> None:
    [attached] = pdf.Root.AF
    assert attached.AFRelationship == "/Alternative"
    assert list(pdf.attachments) == [FILE_NAME]
    file = attached.EF.F
    assert file.read_bytes() == made[1]
    assert file.Subtype == "/application/xml"


def test_every_font_is_embedded_and_tells_its_characters(pdf: pikepdf.Pdf) -> None:
    fonts = [
        each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/Font"
    ]
    composite = [font for font in fonts if font.Subtype == "/Type0"]
    assert composite
    for font in composite:
        assert "/ToUnicode" in font
        [descendant] = font.DescendantFonts
        descriptor = descendant.FontDescriptor
        assert {"/FontFile2", "/FontFile3"} & set(descriptor.keys())


def test_nothing_in_it_runs_or_leads_outside(pdf: pikepdf.Pdf) -> None:
    forbidden = {"/JavaScript", "/JS", "/Launch", "/URI", "/GoToR", "/SubmitForm", "/OpenAction", "/AA"}
    for each in pdf.objects:
        if isinstance(each, pikepdf.Dictionary):
            assert not forbidden & set(each.keys())
            assert each.get("/S") not in forbidden
    assert "/Encrypt" not in pdf.trailer


def test_the_same_document_gives_the_same_bytes(made: tuple[bytes, bytes]) -> None:
    assert render(sample_invoice(60), made[1]) == made[0]

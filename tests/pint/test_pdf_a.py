"""PDF/A-3b with the XML inside, read back from the file's structure."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest

from invoices.pint import write_pint
from invoices.rendering import render
from invoices.rendering.attaching import FILE_NAME
from invoices.rendering.samples import sample_invoice
from invoices.services.previews import as_preview, preview_pdf
from tests.pdf.gallery import with_look

NAMES = {"pdfaid": "http://www.aiim.org/pdfa/ns/id/"}


@pytest.fixture(scope="module")
def made() -> tuple[bytes, bytes]:
    """With logo, seal, colour and a name that needs the second font: all that can be in a document."""
    document = with_look(sample_invoice(60))
    document = replace(document, addressee=replace(document.addressee, company="株式会社𠮷野家"))
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


def test_it_says_what_it_is_and_whose(pdf: pikepdf.Pdf) -> None:
    """In the metadata and in the older dictionary alike, as PDF/A asks."""
    metadata = pdf.open_metadata()
    assert metadata["dc:title"] == pdf.docinfo.Title == "請求書(適格請求書) I2026-000123"
    assert metadata["dc:creator"] == ["アルファ証明書株式会社"]
    assert pdf.docinfo.Author == "アルファ証明書株式会社"
    assert metadata["dc:description"] == pdf.docinfo.Subject
    assert str(pdf.docinfo.Subject).startswith("株式会社𠮷野家 御中 ご請求金額(税込)")


def test_logo_and_seal_are_inside_in_a_colour_space_that_the_profile_covers(pdf: pikepdf.Pdf) -> None:
    streams = [each for each in pdf.objects if isinstance(each, pikepdf.Stream)]
    images = [each for each in streams if each.get("/Subtype") == "/Image"]
    assert len(images) == 3, "logo, seal and the seal's transparency"
    for image in images:
        assert image.ColorSpace in ("/DeviceRGB", "/DeviceGray")
        assert not image.get("/Interpolate", False)
        assert "/Alternates" not in image
        assert "/OPI" not in image


def test_no_stream_lies_outside_and_no_page_has_a_comment(pdf: pikepdf.Pdf) -> None:
    for each in pdf.objects:
        if isinstance(each, pikepdf.Stream):
            assert not {"/F", "/FFilter", "/FDecodeParms"} & set(each.keys())
    assert not any("/Annots" in page for page in pdf.pages)


def test_a_preview_carries_no_copy_for_machines() -> None:
    document = as_preview(sample_invoice(1))
    with pikepdf.open(BytesIO(preview_pdf([document]))) as file:
        assert "/AF" not in file.Root
        assert not file.attachments


def test_the_same_document_gives_the_same_bytes() -> None:
    document = with_look(sample_invoice(8))
    xml = write_pint(document)
    assert render(document, xml) == render(with_look(sample_invoice(8)), xml)

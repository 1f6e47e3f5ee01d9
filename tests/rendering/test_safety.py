"""What stands in a text is printed, never obeyed; and the renderer reaches nothing but its own page."""

import socket
import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace

import pytest

from invoices.rendering import render
from invoices.rendering.pdf import html_to_pdf
from invoices.rendering.samples import ISSUER
from tests.rendering import documents
from tests.rendering.reading import text_of


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A server that somebody might be made to call."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


def address_of(server: socket.socket) -> str:
    return f"http://127.0.0.1:{server.getsockname()[1]}/seen"


def assert_nobody_called(server: socket.socket) -> None:
    with pytest.raises(TimeoutError):
        server.accept()


def with_text(text: str):
    invoice = documents.invoice()
    return replace(
        invoice,
        lines=(replace(invoice.lines[0], description=text, unit=text),),
        addressee=replace(invoice.addressee, company=text, contact=text, address=text),
        notes=text,
        reason=text,
    )


def test_markup_in_texts_is_printed_as_it_is(listener):
    markup = f'<img src="{address_of(listener)}">&amp;<script>1</script></td>'
    printed = "".join(text_of(render(with_text(markup))).split())
    expected = "".join(markup.split())
    assert printed.count(expected) == 7
    assert_nobody_called(listener)


def test_an_address_in_the_page_is_not_fetched(listener):
    address = address_of(listener)
    html_to_pdf(
        f'<link rel="stylesheet" href="{address}"><img src="{address}">'
        f'<style>@import url("{address}"); p {{ background: url("{address}") }}</style><p>x</p>'
        f'<object data="{address}"></object><a rel="attachment" href="{address}">x</a>'
    )
    assert_nobody_called(listener)


def test_a_file_of_this_machine_is_not_read(tmp_path):
    secret = tmp_path / "secret.css"
    secret.write_text("p::before { content: 'secret' }")
    uri = secret.as_uri()
    pdf = html_to_pdf(f'<link rel="stylesheet" href="{uri}"><link rel="attachment" href="{uri}"><p>x</p>')
    assert text_of(pdf).strip() == "x\n1 / 1"
    assert b"/EmbeddedFile" not in pdf


def test_control_characters_and_direction_marks_are_left_out():
    text = "証明書\x00\x07\x1b\ud800 1年\u202e10枚\u2066"
    assert "証明書 1年10枚" in text_of(render(with_text(text)))


def test_lines_of_a_description_become_one():
    assert "2026/10/30 証明書 1年" in text_of(render(with_text("証明書\n1年")))


def test_the_seal_is_printed_in_its_place():
    sealed = replace(documents.invoice(), issuer=replace(ISSUER, seal=red_square()))
    pdf = render(sealed)
    assert b"/Image" in pdf
    assert "印" not in text_of(pdf).splitlines()


def red_square() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\xc0\0\0" * 8) * 8)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")

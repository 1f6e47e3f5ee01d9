"""What rendering takes, in time and memory, measured in the process that calls this."""

import time
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from accounts.pictures import LOGO, SEAL
from invoices.rendering.content import Issuer
from invoices.rendering.samples import ISSUER, sample_invoice

_CPU_SECONDS = 4.0
_BLANK_PAGE = "<!DOCTYPE html><title>-</title>"


def measure(line_count: int) -> dict[str, Any]:
    """Figures of one invoice of this many lines, rendered over and over for some seconds.

    The peak of memory is that of the whole process: call this once in a fresh one.
    """
    loaded = _peak_megabytes()
    return {**_figures(line_count), "peak_mb": _peak_megabytes(), "application_mb": loaded}


def _figures(line_count: int) -> dict[str, Any]:
    """`ratio_to_blank`: how many blank pages take as long as one such document, in the same run."""
    from invoices.pint import write_pint
    from invoices.rendering.pdf import html_to_pdf, render

    document = sample_invoice(line_count, _issuer_with_pictures())

    def make() -> bytes:
        """As a document is made: PDF/A-3b with logo, seal and its XML inside, and the hash."""
        pdf = render(document, write_pint(document))
        sha256(pdf).hexdigest()
        return pdf

    size = len(make())
    count, spent, spent_on_xml, spent_on_blank = 0, 0.0, 0.0, 0.0
    while spent < _CPU_SECONDS:
        spent += _cpu_seconds(make)
        spent_on_xml += _cpu_seconds(lambda: write_pint(document))
        spent_on_blank += _cpu_seconds(lambda: html_to_pdf(_BLANK_PAGE))
        count += 1
    return {
        "documents_per_second_and_core": round(count / spent, 2),
        "xml_per_second_and_core": round(count / spent_on_xml, 1),
        "blank_pages_per_second_and_core": round(count / spent_on_blank, 2),
        "ratio_to_blank": round(spent / spent_on_blank, 2),
        "bytes": size,
    }


def _issuer_with_pictures() -> Issuer:
    """With a logo and a transparent seal as large as they are kept."""
    shades = Image.radial_gradient("L")
    logo = Image.merge("RGB", (shades, shades, shades)).resize((LOGO.width, LOGO.height))
    seal = Image.merge("RGBA", (shades,) * 4).resize((SEAL.width, SEAL.height))
    return replace(ISSUER, logo=_png(logo), seal=_png(seal), colour="#1a4d8f")


def _png(image: Image.Image) -> bytes:
    written = BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def _cpu_seconds(act: Callable[[], object]) -> float:
    begun = time.process_time()
    act()
    return time.process_time() - begun


def _peak_megabytes() -> int:
    """The high-water mark of this process; `getrusage` would count that of the one that forked it."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(peak.split()[1]) // 1024

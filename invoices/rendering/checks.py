"""Says at start what a machine lacks for PDFs, and which package of Debian or Ubuntu brings it."""

import ctypes
import shutil
import subprocess
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Info, Warning

# As WeasyPrint loads them; trying costs nothing, while importing WeasyPrint takes a second.
_PANGO = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz.so.0")
_SUBSETTER = "libharfbuzz-subset.so.0"
_FONTS = ("BIZ UDPGothic", "BIZ UDGothic")
_FALLBACK_FONT = "Noto Sans CJK JP"


def check_pdf_rendering(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A message for each thing that is missing; register it with `django.core.checks.register`."""
    if not all(map(_loads, _PANGO)):
        return [_warning("W001", "Pango is missing: no PDF can be made.", "libpango-1.0-0 libpangoft2-1.0-0")]
    messages: list[CheckMessage] = []
    if not _loads(_SUBSETTER):
        messages.append(
            _warning("W002", "HarfBuzz's subsetter is missing: a PDF takes seconds.", "libharfbuzz-subset0")
        )
    if not all(map(_is_installed, _FONTS)):
        text = "The font BIZ UDGothic is missing: PDFs look wrong and take long."
        messages.append(_warning("W003", text, "fontconfig fonts-morisawa-bizud-gothic"))
    if not _is_installed(_FALLBACK_FONT):
        messages.append(
            Info(
                "The font Noto Sans CJK is missing: rare characters of names are printed as 〓.",
                hint=_hint("fonts-noto-cjk"),
                id="invoices.rendering.I001",
            )
        )
    return messages


def _warning(number: str, text: str, packages: str) -> Warning:
    return Warning(text, hint=_hint(packages), id=f"invoices.rendering.{number}")


def _hint(packages: str) -> str:
    return f"Install it: apt-get install {packages}"


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _is_installed(family: str) -> bool:
    """Whether fontconfig answers with this very family instead of the nearest it has."""
    matcher = shutil.which("fc-match")
    if matcher is None:
        return False
    answer = subprocess.run(  # noqa: S603 - our own constant arguments
        [matcher, "--format=%{family}", family], capture_output=True, text=True, check=False, timeout=10
    )
    return family in answer.stdout.split(",")

"""What is said at start about a machine that cannot make PDFs well; and the benchmark's answer."""

import json
from io import StringIO

import pytest
from django.core import checks
from django.core.management import call_command

from invoices.rendering.checks import check_pdf_rendering


def test_a_machine_that_is_set_up_hears_nothing():
    assert check_pdf_rendering(None) == []


def test_missing_fonts_are_named_with_the_packages_that_bring_them(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "")
    messages = check_pdf_rendering(None)
    assert [(message.id, message.level) for message in messages] == [
        ("invoices.rendering.W003", checks.WARNING),
        ("invoices.rendering.I001", checks.INFO),
    ]
    assert "fonts-morisawa-bizud-gothic" in str(messages[0].hint)
    assert "fonts-noto-cjk" in str(messages[1].hint)


def test_the_check_is_registered():
    assert check_pdf_rendering in checks.registry.registry.get_checks()


def test_the_benchmark_answers_in_json():
    out = StringIO()
    call_command("bench_pdf", here=1, stdout=out)
    figures = json.loads(out.getvalue())
    assert set(figures) == {
        "documents_per_second_and_core",
        "xml_per_second_and_core",
        "blank_pages_per_second_and_core",
        "ratio_to_blank",
        "bytes",
        "peak_mb",
        "application_mb",
    }
    assert figures["ratio_to_blank"] > 1
    assert figures["peak_mb"] >= figures["application_mb"]

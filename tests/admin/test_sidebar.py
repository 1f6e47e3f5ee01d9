"""The navigation beside every page of the admin."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils.translation import override

from billing_project.backoffice.sidebar import sidebar

CURRENT = re.compile(r'<a href="([^"]+)"[^>]*aria-current="page"')


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("/admin/", "/admin/"),
        ("/admin/inbox/", "/admin/inbox/"),
        ("/admin/payments/payment/", "/admin/payments/payment/"),
        ("/admin/payments/payment/17/match/", "/admin/payments/payment/"),
        ("/admin/payments/payment/desk/", "/admin/payments/payment/desk/"),
        ("/admin/ledger/entry/", "/admin/ledger/entry/"),
        ("/admin/ledger/entry/report-ages/", "/admin/ledger/entry/report-ages/"),
    ],
)
def test_one_entry_is_the_current_one(path: str, entry: str) -> None:
    assert CURRENT.findall(sidebar(path)) == [entry]


def test_it_speaks_the_language_of_the_page() -> None:
    with override("ja"):
        assert "帳票" in sidebar("/admin/")
        assert "Documents" not in sidebar("/admin/")
    with override("en"):
        assert "Documents" in sidebar("/admin/")


def test_the_bench_is_there_where_it_is_on(settings: Any) -> None:
    settings.PLAYBOOK_BENCH = True
    assert "/admin/playbooks/storyrun/" in sidebar("/admin/")
    settings.PLAYBOOK_BENCH = False
    assert "/admin/playbooks/storyrun/" not in sidebar("/admin/")

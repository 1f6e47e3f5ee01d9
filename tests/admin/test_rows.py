"""Rows of lists are written by ourselves, and look as unfold writes them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib import admin
from django.test import RequestFactory
from unfold.templatetags.unfold_list import items_for_result

from accounts.models import OperatorRole
from billing_project.backoffice.rows import rows_of
from billing_project.tenancy.context import tenant_context
from orders.models import Order
from tests.admin.test_pages import ONE_PAGE
from tests.admin.world import Office, models


@pytest.mark.parametrize(
    "model", [each for each in models() if each not in ONE_PAGE], ids=lambda model: model._meta.label
)
def test_a_row_looks_as_unfold_writes_it(model: Any, seen: Office) -> None:
    compare(model, {}, seen)


def test_a_row_leads_back_to_what_was_sought(seen: Office) -> None:
    compare(Order, {"q": "アクメ", "state__exact": "delivered"}, seen)


def compare(model: Any, query: dict[str, str], seen: Office) -> None:
    request = RequestFactory().get("/", query)
    request.user = seen.operators[OperatorRole.ADMIN]
    request.operator = request.user  # type: ignore[attr-defined]
    with tenant_context(seen.tenant):
        listed = admin.site.get_model_admin(model).get_changelist_instance(request)
        ours = [[_plain(cell) for cell in row] for row in rows_of(listed)]
        theirs = [
            [_plain(cell) for cell in items_for_result(listed, row, None)] for row in listed.result_list
        ]
    assert ours
    assert ours == theirs


def _plain(cell: Any) -> str:
    """Without labels: unfold calls the first column the choice of rows, also where there is none to make."""
    return re.sub(r'data-label="[^"]*"|\s', "", str(cell))

"""Operators say which customer by typing what they know of it."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from billing_project.tenancy.context import tenant_context
from tests.admin.world import Office
from tests.factories import make_customer

CHOICES = reverse("admin:accounts_customer_choices")


def offered(office: Office, typed: str) -> list[str]:
    html = office.client().get(CHOICES, {"customer_code": typed}).content.decode()
    return re.findall(r'<option value="([^"]+)">', html)


def test_a_customer_is_found_by_number_name_and_kana(office: Office) -> None:
    with tenant_context(office.tenant):
        one = make_customer("株式会社白鷺広告", name_kana="シラサギコウコク", code="Z900")
        make_customer("合同会社安曇硝子", code="Z901")
    for typed in ("Z900", "z900", "白鷺", "しらさぎ", "ｼﾗｻｷﾞ"):
        assert offered(office, typed) == [one.code], typed
    assert offered(office, "Z90") == ["Z900", "Z901"]


@pytest.mark.parametrize("typed", ["", "  ", "誰でもない"])
def test_nothing_is_offered_for_nothing(office: Office, typed: str) -> None:
    assert offered(office, typed) == []


def test_ten_are_offered_and_none_of_another_tenant(office: Office, elsewhere: Office) -> None:
    with tenant_context(elsewhere.tenant):
        make_customer("多数商会 隣", code="M00")
    with tenant_context(office.tenant):
        for number in range(1, 13):
            make_customer(f"多数商会 {number}", code=f"M{number:02}")
    assert offered(office, "多数商会") == [f"M{number:02}" for number in range(1, 11)]


def test_it_is_a_part_of_a_form_and_no_page(office: Office) -> None:
    assert office.client().get(CHOICES).status_code == 404

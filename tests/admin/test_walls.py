"""Every address of the admin: nothing of another tenant, nothing for members, no acts for who only reads."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.urls import reverse

from accounts.models import Customer, Member, Operator, OperatorRole, PolicyVersion
from accounts.services import add_operator
from billing_project.audit.models import AuditEntry
from billing_project.backoffice.acts import acts_of, may_act, may_administer
from billing_project.outbox.models import Mail
from billing_project.tenancy.context import tenant_context
from invoices.models import Document, DocumentAccess, DocumentLink
from orders.models import Order, OrderLine, Product
from payments.models import Payment
from tests.admin.world import Office, list_addresses, models, row_addresses
from tests.web.world import sign_in, visitor

WATCHED: list[type[Model]] = [
    AuditEntry,
    Customer,
    Member,
    Operator,
    PolicyVersion,
    Product,
    Order,
    OrderLine,
    Document,
    DocumentAccess,
    DocumentLink,
    Mail,
    Payment,
]
by_model = pytest.mark.parametrize("model", models(), ids=lambda model: model._meta.label)


def rows(office: Office) -> list[Any]:
    with tenant_context(office.tenant):
        return [list(model._default_manager.order_by("pk").values()) for model in WATCHED]


@by_model
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_tenants_rows_are_not_there(model: Any, method: str, seen: Office, elsewhere: Office) -> None:
    before = rows(seen), rows(elsewhere)
    client = elsewhere.client()
    for address in row_addresses(model, seen.row(model).pk):
        answer = getattr(client, method)(address, {"on": "2026-11-03", "reason": "x", "line": ""})
        assert answer.status_code == 404, address
    assert (rows(seen), rows(elsewhere)) == before


@by_model
def test_lists_files_and_searches_hold_the_tenants_own(model: Any, seen: Office, elsewhere: Office) -> None:
    """The ids of the other tenant's rows lead nowhere."""
    foreign = {f"/{pk}/" for pk in _ids(model, elsewhere)} - {f"/{pk}/" for pk in _ids(model, seen)}
    html = seen.client().get(list_addresses(model)[0]).content.decode()
    section = f"/admin/{model._meta.app_label}/{model._meta.model_name}"
    assert [each for each in foreign if f"{section}{each}" in html] == []


def _ids(model: Any, office: Office) -> list[int]:
    with tenant_context(office.tenant):
        return list(model.objects.values_list("pk", flat=True))


def test_members_and_strangers_stay_outside(seen: Office) -> None:
    member, stranger = seen.as_member(), visitor(seen.tenant)
    for model in models():
        for address in [*list_addresses(model), *row_addresses(model, seen.row(model).pk)]:
            assert member.get(address, follow=True).status_code == 403, address
            assert member.post(address, follow=True).status_code == 403, address
            answer = stranger.get(address)
            assert answer.status_code == 302
            assert "login" in answer["Location"]


def test_an_operator_elsewhere_is_nobody_here(seen: Office, elsewhere: Office) -> None:
    client = sign_in(elsewhere.operators[OperatorRole.ADMIN], seen.tenant)
    assert client.get(reverse("admin:index"), follow=True).status_code == 403


@pytest.mark.parametrize("role", [OperatorRole.SUPPORT, OperatorRole.ACCOUNTING])
def test_acts_are_for_those_who_may(role: str, seen: Office) -> None:
    client, before = seen.client(role), rows(seen)
    refused = {may_act, may_administer} if role == OperatorRole.SUPPORT else {may_administer}
    for model in models():
        pk = seen.row(model).pk
        for each in acts_of(model):
            address = reverse(f"admin:{each.url_name(model)}", args=[pk] if each.on_row else [])
            if each.allowed in refused:
                assert client.get(address).status_code == 403, address
                assert client.post(address, {}).status_code == 403, address
    assert rows(seen) == before


def test_support_reads_everything_and_closes_nothing(seen: Office) -> None:
    client = seen.client(OperatorRole.SUPPORT)
    for model in models():
        assert client.get(list_addresses(model)[0], follow=True).status_code == 200
        html = client.get(row_addresses(model, seen.row(model).pk)[0]).content.decode()
        assert 'class="act act-danger' not in html
    closing = reverse("admin:invoices_closing_next")
    assert client.get(closing).status_code == 200
    assert client.post(closing, {"month": "2026-10"}).status_code == 403


def test_the_search_keeps_nothing_for_another_tenant(seen: Office, elsewhere: Office) -> None:
    """One user is operator of both: what is found at one is not shown at the other."""
    user = seen.operators[OperatorRole.ADMIN]
    with tenant_context(elsewhere.tenant):
        add_operator(user=user)
    number = seen.world.company.billed.number
    here, there = sign_in(user, seen.tenant), sign_in(user, elsewhere.tenant)
    link = reverse("admin:orders_order_change", args=[seen.world.company.billed.pk])
    assert link in here.get(reverse("admin:search"), {"s": number}).content.decode()
    assert link not in there.get(reverse("admin:search"), {"s": number}).content.decode()
    assert there.get(reverse("admin:search"), {"s": ""}).content == b""


def test_djangos_own_ways_in_lead_nowhere(seen: Office, elsewhere: Office) -> None:
    """Adding, deleting, the view-on-site redirect, and autocomplete of what no form asks for."""
    client, pk = seen.client(), elsewhere.world.company.customer.pk
    for path in ("add/", f"{pk}/delete/", f"{pk}/change/"):
        assert client.get(f"/admin/accounts/customer/{path}").status_code == 404
    assert client.get(f"/admin/r/1/{pk}/").status_code == 404
    question = {"app_label": "accounts", "model_name": "member", "field_name": "customer", "term": ""}
    answer = client.get(reverse("admin:autocomplete"), question)
    assert elsewhere.world.company.customer.code not in [each["id"] for each in answer.json()["results"]]
    foreign = {str(pk) for pk in _ids(Customer, elsewhere)}
    assert foreign.isdisjoint(each["id"] for each in answer.json()["results"])


def test_the_log_of_all_tenants_is_neither_written_nor_shown(seen: Office) -> None:
    assert LogEntry not in admin.site._registry
    assert LogEntry.objects.count() == 0


def test_only_tenant_tables_can_be_registered() -> None:
    from django.contrib.auth.models import Group

    admin.site.register(Group)
    assert not admin.site.is_registered(Group)

"""The API: keys, the same rights and rules as on the screens, errors with codes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import ApiKey, Role
from accounts.services import remove_member
from accounts.services.api_keys import MOST, create_api_key, revoke_api_key
from billing_project import clock
from billing_project.errors import Code, Refusal
from billing_project.tenancy.context import tenant_context
from invoices.models import DocumentAccess
from orders.models import LineState, Order, OrderLine
from orders.services import deliver
from payments.models import CardPayment, CardPaymentState
from tests.acts import at
from tests.payments.cards import saved
from tests.web.world import World, visitor


def client_with_key(world: World, who: str = Role.AUTHORITY, company: int = 0) -> Client:
    with tenant_context(world.tenant):
        _key, token = create_api_key(member=world.companies[company].members[who], name="会計システム")
    return visitor(world.tenant, headers={"Authorization": f"Bearer {token}"})


def post(client: Client, path: str, data: Any, **headers: str) -> Any:
    return client.post(path, json.dumps(data), content_type="application/json", headers=headers)


ORDER = {"lines": [{"sku": "DV-1Y", "quantity": 2}], "purchase_order_number": "PO-9"}


class TestKeys:
    def test_a_key_is_its_member(self, world: World) -> None:
        answer = client_with_key(world).get("/api/v1/me/")
        assert answer.status_code == 200
        assert answer.json()["customer"] == world.company.customer.name
        assert answer.json()["roles"] == ["authority"]
        with tenant_context(world.tenant):
            key = ApiKey.objects.latest("pk")
            assert str(key.last_used_on) == "2026-11-03"
            assert len(key.sha256) == 64

    def test_without_a_key_nothing_is_told(self, seen: World) -> None:
        for headers in ({}, {"Authorization": "Bearer shk_no"}, {"Authorization": "Basic eDp5"}):
            answer = visitor(seen.tenant, headers=headers).get("/api/v1/orders/")
            assert answer.status_code == 401
            assert answer.json()["code"] in {"not_authenticated", "authentication_failed"}
            assert answer["WWW-Authenticate"].startswith("Bearer")

    def test_a_key_ends_with_its_revocation_and_its_member(self, world: World) -> None:
        client = client_with_key(world, Role.REQUESTER)
        with tenant_context(world.tenant):
            revoke_api_key(key=ApiKey.objects.latest("pk"))
        assert client.get("/api/v1/me/").status_code == 401
        other = client_with_key(world, Role.REQUESTER)
        with tenant_context(world.tenant):
            remove_member(member=world.company.members[Role.REQUESTER])
        assert other.get("/api/v1/me/").status_code == 401

    def test_a_key_opens_nothing_at_another_tenant_and_no_page(self, world: World, elsewhere: World) -> None:
        client = client_with_key(world)
        assert client.get("/api/v1/me/", HTTP_HOST=f"{elsewhere.tenant.slug}.localhost").status_code == 401
        assert client.get("/orders/").status_code == 302

    def test_a_key_beside_a_session_counts_alone(self, world: World) -> None:
        signed_in = world.client()
        answer = signed_in.get("/api/v1/me/", headers={"Authorization": "Bearer shk_wrong"})
        assert answer.status_code == 401
        assert signed_in.get("/api/v1/me/").status_code == 200

    def test_a_session_needs_the_token_of_its_form(self, world: World) -> None:
        client = world.client()
        client.handler.enforce_csrf_checks = True
        answer = post(client, "/api/v1/orders/", ORDER, **{"Idempotency-Key": "x"})
        assert answer.status_code == 403

    def test_so_many_keys_and_no_more(self, world: World) -> None:
        member = world.company.members[Role.AUTHORITY]
        with tenant_context(world.tenant):
            for number in range(MOST - 1):
                create_api_key(member=member, name=f"{number}")
            with pytest.raises(Refusal) as refused:
                create_api_key(member=member, name="one more")
        assert refused.value.code == Code.INVALID_INPUT

    def test_the_page_shows_a_key_once(self, world: World) -> None:
        client = world.client(Role.REQUESTER)
        page = client.post("/company/api-keys/", {"name": "倉庫"}).content.decode()
        token = page.split('data-copy="')[1].split('"')[0]
        assert token.startswith("shk_")
        assert token not in client.get("/company/api-keys/").content.decode()
        assert client.post("/company/api-keys/", {"name": ""}).status_code == 422
        with tenant_context(world.tenant):
            key = ApiKey.objects.get(name="倉庫")
        theirs = world.client(Role.AUTHORITY)
        assert theirs.post(f"/company/api-keys/{key.public_id}/revoke/").status_code == 404
        client.post(f"/company/api-keys/{key.public_id}/revoke/")
        assert (
            visitor(world.tenant, headers={"Authorization": f"Bearer {token}"}).get("/api/v1/me/").status_code
            == 401
        )


class TestOrders:
    def test_an_order_sent_twice_is_one(self, world: World) -> None:
        client = client_with_key(world)
        first = post(client, "/api/v1/orders/", ORDER, **{"Idempotency-Key": "a-1"})
        assert first.status_code == 201
        assert first.json()["total"] == 66_000
        assert [line["state"] for line in first.json()["lines"]] == ["open", "open"]
        again = post(client, "/api/v1/orders/", ORDER, **{"Idempotency-Key": "a-1"})
        assert again.json()["id"] == first.json()["id"]
        other = post(client, "/api/v1/orders/", {**ORDER, "comment": "!"}, **{"Idempotency-Key": "a-1"})
        assert (other.status_code, other.json()["code"]) == (409, "invalid_input")
        found = client.get(f"/api/v1/orders/{first.json()['id']}/").json()
        assert found["purchase_order_number"] == "PO-9"

    def test_a_debit_card_is_charged_when_it_is_ordered(self, world: World) -> None:
        with tenant_context(world.tenant):
            card = saved(world.company.customer, funding="debit")
        client = client_with_key(world)
        newest = client.get("/api/v1/cards/").json()["results"][0]
        assert (newest["id"], newest["funding"]) == (str(card.public_id), "debit")
        by_card = {**ORDER, "payment_method": "card", "card": str(card.public_id)}
        answers = [post(client, "/api/v1/orders/", by_card, **{"Idempotency-Key": "c"}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [201, 201]
        with tenant_context(world.tenant):
            [payment] = CardPayment.objects.filter(card=card)
        assert (payment.amount, payment.state) == (66_000, CardPaymentState.SUCCEEDED)

    def test_another_companys_card_is_not_there(self, world: World) -> None:
        with tenant_context(world.tenant):
            card = saved(world.companies[1].customer)
        by_card = {**ORDER, "payment_method": "card", "card": str(card.public_id)}
        answer = post(client_with_key(world), "/api/v1/orders/", by_card, **{"Idempotency-Key": "c"})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")

    @pytest.mark.parametrize(
        ("data", "status", "code"),
        [
            ({"lines": []}, 400, "invalid_input"),
            ({}, 400, "invalid_input"),
            ({"lines": [{"sku": "DV-1Y", "quantity": 0}]}, 400, "invalid_input"),
            ({"lines": [{"sku": "NO", "quantity": 1}]}, 409, "invalid_input"),
            ({**ORDER, "payment_method": "konbini"}, 400, "invalid_input"),
            ({**ORDER, "payment_method": "direct_debit"}, 409, "method_not_offered"),
        ],
    )
    def test_bad_orders_change_nothing(self, seen: World, data: Any, status: int, code: str) -> None:
        with tenant_context(seen.tenant):
            before = Order.objects.count()
        answer = post(client_with_key(seen), "/api/v1/orders/", data, **{"Idempotency-Key": "bad"})
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        with tenant_context(seen.tenant):
            assert Order.objects.count() == before

    def test_without_an_idempotency_key_there_is_no_order(self, seen: World) -> None:
        answer = post(client_with_key(seen), "/api/v1/orders/", ORDER)
        assert answer.status_code == 400
        assert "Idempotency-Key" in answer.json()["details"]

    def test_accounting_may_not_order(self, seen: World) -> None:
        answer = post(client_with_key(seen, Role.ACCOUNTING), "/api/v1/orders/", ORDER)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")

    def test_who_sees_only_own_orders_sees_them_here_too(self, world: World) -> None:
        post(client_with_key(world), "/api/v1/orders/", ORDER, **{"Idempotency-Key": "authority"})
        requester = client_with_key(world, Role.REQUESTER).get("/api/v1/orders/").json()
        everybody = client_with_key(world).get("/api/v1/orders/").json()
        assert (requester["count"], everybody["count"]) == (2, 3)

    def test_another_companys_order_is_not_found(self, seen: World) -> None:
        client = client_with_key(seen, company=1)
        path = f"/api/v1/orders/{seen.company.open.public_id}/"
        assert client.get(path).json()["code"] == "not_found"
        assert post(client, f"{path}lines/1/cancel/", {}).status_code == 404


class TestWindow:
    """A13: delivered on 11-03, open through 11-09, to the second."""

    def delivered(self, world: World) -> Order:
        with tenant_context(world.tenant):
            return deliver(order=world.company.open)

    def test_the_last_second_is_inside(self, world: World) -> None:
        order, client = self.delivered(world), client_with_key(world)
        with clock.frozen(at("2026-11-09 23:59:59")):
            answer = post(client, f"/api/v1/orders/{order.public_id}/lines/2/cancel/", {"reason": "不要"})
        assert answer.status_code == 200
        assert answer.json()["lines"][1]["state"] == LineState.CANCELLED

    def test_the_next_second_is_outside(self, world: World) -> None:
        order, client = self.delivered(world), client_with_key(world)
        with clock.frozen(at("2026-11-10 00:00:00")):
            answer = post(client, f"/api/v1/orders/{order.public_id}/lines/2/cancel/", {})
        assert (answer.status_code, answer.json()["code"]) == (409, "cancel_window_closed")
        with tenant_context(world.tenant):
            assert OrderLine.objects.get(order=order, position=2).state == LineState.DELIVERED


class TestDocuments:
    def test_list_detail_and_file_say_the_same(self, seen: World) -> None:
        client = client_with_key(seen, Role.ACCOUNTING)
        listed = client.get("/api/v1/documents/?kind=invoice&least=1").json()["results"]
        document = seen.company.document
        row = next(each for each in listed if each["id"] == str(document.public_id))
        detail = client.get(f"/api/v1/documents/{document.public_id}/").json()
        assert row["total"] == detail["total"] == document.total == 108_641
        assert sum(tax["net"] + tax["tax"] for tax in detail["taxes"]) == 108_641
        with tenant_context(seen.tenant):
            before = DocumentAccess.objects.filter(document=document).count()
        file = client.get(f"/api/v1/documents/{document.public_id}/pdf/")
        assert file.content.startswith(b"%PDF")
        with tenant_context(seen.tenant):
            assert DocumentAccess.objects.filter(document=document).count() == before + 1

    def test_a_filter_that_cannot_be_read_is_named(self, seen: World) -> None:
        answer = client_with_key(seen).get("/api/v1/documents/?issued_from=yesterday")
        assert answer.status_code == 400
        assert "issued_from" in answer.json()["details"]

    def test_another_companys_document_is_not_found(self, seen: World) -> None:
        client = client_with_key(seen, company=1)
        for path in ("", "pdf/"):
            address = f"/api/v1/documents/{seen.company.document.public_id}/{path}"
            assert client.get(address).status_code == 404


def test_the_schema_names_every_address(seen: World) -> None:
    schema = client_with_key(seen).get("/api/v1/schema/").json()
    assert schema["openapi"].startswith("3.")
    assert "/api/v1/orders/{public_id}/lines/{position}/cancel/" in schema["paths"]
    assert schema["components"]["securitySchemes"]["key"]["scheme"] == "bearer"

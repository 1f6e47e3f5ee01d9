"""Quotes on the screens of members, of strangers and of operators."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.models import Customer, OperatorRole, Role
from billing_project import clock
from billing_project.tenancy.context import tenant_context
from orders.models import Order, Product, Quote, QuoteAccess, QuoteRequest
from orders.services.quotes import Asking, ask_for_quote
from payments.gateways.playing import PlayingCard
from payments.models import Card, CardSetup
from tests.admin.world import NOW, Office, make_office
from tests.payments.cards import provider
from tests.rendering.reading import text_of
from tests.web.world import visitor


@pytest.fixture
def office() -> Iterator[Office]:
    cache.clear()
    with clock.frozen(NOW):
        office = make_office()
        with tenant_context(office.tenant):
            ask_for_quote(
                product=Product.objects.get(sku="DV-1Y"),
                quantity=20,
                asking=Asking("株式会社新規", "山田 太郎", "yamada@example.com"),
            )
        yield office


def field(office: Office, sku: str) -> str:
    return f"quantity_{office.row(Product, sku=sku).public_id.hex}"


def test_a_member_makes_a_quote_reads_it_and_orders(office: Office) -> None:
    client = office.world.client(Role.REQUESTER)
    made = client.post(reverse("quotes:new"), {field(office, "DV-1Y"): "2"})
    assert made.status_code == 302
    page = client.get(made["Location"]).content.decode()
    assert "66,000" in page
    quote = office.row(Quote, member=office.world.company.members[Role.REQUESTER])
    pdf = client.get(reverse("quotes:pdf", args=[quote.public_id]))
    assert pdf["Content-Type"] == "application/pdf"
    assert quote.number in client.get(reverse("quotes:list")).content.decode()
    address = reverse("quotes:order", args=[quote.public_id])
    assert "経理 太郎" in client.get(address).content.decode()
    form = {"payment_method": "later_transfer", "submission": "00000000-0000-4000-8000-000000000009"}
    assert client.post(address, form).status_code == 422  # the contact is not confirmed
    assert client.post(address, {**form, "contact_confirmed": "on"}).status_code == 302
    assert client.post(address, {**form, "contact_confirmed": "on"}).status_code == 302  # sent twice
    with tenant_context(office.tenant):
        assert Order.objects.filter(quote=quote).count() == 1
    again = client.post(address, {**form, "submission": "", "contact_confirmed": "on"})
    assert again.status_code == 422


def test_it_is_ordered_with_a_new_card(office: Office) -> None:
    """Off to the provider's page and back: the card is chosen, and what was filled in is still there."""
    client = office.as_member()
    quote = office.world.company.quote
    address = reverse("quotes:order", args=[quote.public_id])
    submission = "00000000-0000-4000-8000-000000000010"
    form = {
        "payment_method": "card",
        "card": "new",
        "submission": submission,
        "contact_confirmed": "on",
        "purchase_order_number": "PO-7",
    }
    assert client.post(address, form).status_code == 302
    setup = office.row(CardSetup, purpose="quote", reference=quote.pk)
    provider().enter(setup.session, PlayingCard())
    back = client.get(reverse("cards:return"), {"setup": setup.public_id})
    assert back["Location"] == f"{address}?setup={setup.public_id}"
    page = client.get(back["Location"]).content.decode()
    assert "PO-7" in page
    card = office.row(Card, pk=office.row(CardSetup, pk=setup.pk).card_id)
    assert client.post(address, {**form, "card": str(card.public_id)}).status_code == 302
    assert office.row(Order, quote=quote).card_id == card.pk


def test_an_empty_quote_is_told(office: Office) -> None:
    assert office.as_member().post(reverse("quotes:new"), {}).status_code == 422


def test_accounting_does_not_quote(office: Office) -> None:
    assert office.world.client(Role.ACCOUNTING).get(reverse("quotes:list")).status_code == 403


def test_a_requester_sees_its_own_quotes_alone(office: Office) -> None:
    address = reverse("quotes:detail", args=[office.world.company.quote.public_id])
    assert office.as_member().get(address).status_code == 200
    assert office.world.client(Role.REQUESTER).get(address).status_code == 404


def test_the_mailed_link_shows_the_quote_and_logs_every_download(office: Office) -> None:
    stranger = visitor(office.tenant)
    page = stranger.get(reverse("quotes:link", args=[office.world.quote_link]))
    assert page.status_code == 200
    assert page["Referrer-Policy"] == "no-referrer"
    assert "99,000" in page.content.decode()
    for _ in range(2):
        assert stranger.get(reverse("quotes:link_pdf", args=[office.world.quote_link])).status_code == 200
    with tenant_context(office.tenant):
        log = QuoteAccess.objects.order_by("pk").values_list("action", "actor_label")
        assert list(log) == [
            ("opened", "keiri@example.com"),
            ("downloaded", "keiri@example.com"),
            ("downloaded", "keiri@example.com"),
        ]
    assert stranger.get(reverse("quotes:link", args=["wrong"])).status_code == 404


def request_form(office: Office, **fields: str) -> dict[str, str]:
    return {
        "product": str(office.row(Product, sku="WC-1Y").pk),
        "quantity": "12",
        "company": "株式会社見込",
        "contact_name": "佐藤",
        "email": "sato@example.com",
        "postcode": "100-0001",
        "address": "東京都千代田区1-1",
        **fields,
    }


def test_a_stranger_asks_and_is_thanked(office: Office) -> None:
    stranger = visitor(office.tenant)
    assert stranger.get(reverse("quotes:request")).status_code == 200
    sent = stranger.post(reverse("quotes:request"), request_form(office))
    assert sent["Location"] == reverse("quotes:request_sent")
    assert stranger.get(sent["Location"]).status_code == 200
    asked = office.row(QuoteRequest, email="sato@example.com")
    assert (asked.quantity, asked.customer_id) == (12, None)
    assert stranger.post(reverse("quotes:request"), request_form(office, email="no")).status_code == 422


def test_a_stranger_cannot_flood_the_operators(office: Office) -> None:
    stranger = visitor(office.tenant)
    answers = [stranger.post(reverse("quotes:request"), request_form(office)).status_code for _ in range(11)]
    assert answers == [302] * 10 + [429]


def test_a_product_of_another_tenant_cannot_be_asked_for(office: Office) -> None:
    elsewhere = make_office()
    theirs = str(elsewhere.row(Product, sku="WC-1Y").pk)
    answer = visitor(office.tenant).post(reverse("quotes:request"), request_form(office, product=theirs))
    assert answer.status_code == 422


def test_a_members_form_knows_the_company(office: Office) -> None:
    page = office.as_member().get(reverse("quotes:request")).content.decode()
    assert "株式会社アクメ" in page


def test_an_operator_answers_and_a_customer_is_made(office: Office) -> None:
    asked = office.row(QuoteRequest)
    address = reverse("admin:orders_quoterequest_answer", args=[asked.pk])
    client = office.client()
    assert client.get(address).status_code == 200
    assert client.post(address, {"sku_1": "DV-1Y"}).status_code == 422
    fields = {
        "sku_1": "DV-1Y", "quantity_1": "20", "price_1": "25,000", "sku_2": "WC-1Y", "quantity_2": "1",
    }  # fmt: skip
    assert client.post(address, fields).status_code == 302
    with tenant_context(office.tenant):
        quote = Quote.objects.get(request=asked)
        assert quote.net_total == 20 * 25_000 + 98_765
        assert quote.customer == Customer.objects.get(name="株式会社新規")
    page = client.get(reverse("admin:orders_quote_change", args=[quote.pk])).content.decode()
    assert quote.number in page


def test_an_operator_declines(office: Office) -> None:
    asked = office.row(QuoteRequest)
    address = reverse("admin:orders_quoterequest_decline", args=[asked.pk])
    assert office.client().post(address, {"reason": "取扱なし"}).status_code == 302
    assert office.row(QuoteRequest).state == "declined"


def test_an_operator_makes_an_individual_quote_mails_and_revokes(office: Office) -> None:
    company = office.world.company
    client = office.client()
    address = reverse("admin:accounts_customer_quote", args=[company.customer.pk])
    assert client.post(address, {"sku_1": "DV-1Y", "quantity_1": "1", "price_1": "1000"}).status_code == 302
    quote = office.row(Quote, by_operator=True)
    for name in ("mail", "revoke-links"):
        assert client.post(reverse(f"admin:orders_quote_{name}", args=[quote.pk])).status_code == 302
    assert client.get(reverse("admin:orders_quote_pdf", args=[quote.pk])).status_code == 200
    client.post(reverse("admin:orders_quote_revoke-links", args=[company.quote.pk]))
    assert (
        visitor(office.tenant).get(reverse("quotes:link", args=[office.world.quote_link])).status_code == 410
    )


def test_a_quote_is_looked_at_before_it_is_made(office: Office) -> None:
    client, asked = office.client(), office.row(QuoteRequest)
    lines = {"sku_1": "DV-1Y", "quantity_1": "1", "price_1": "1000", "preview": "1"}
    for address in (
        reverse("admin:accounts_customer_quote", args=[office.world.company.customer.pk]),
        reverse("admin:orders_quoterequest_answer", args=[asked.pk]),
    ):
        answer = client.post(address, lines)
        assert answer["Content-Type"] == "application/pdf"
        text = text_of(answer.content)
        assert "見\n本" in text
        assert "QT-" not in text
        assert client.post(address, {**lines, "quantity_1": "0"}).status_code == 422
    with tenant_context(office.tenant):
        assert not Quote.objects.filter(by_operator=True).exists()
    assert office.row(QuoteRequest).state == "waiting"


def test_support_only_reads(office: Office) -> None:
    asked = office.row(QuoteRequest)
    client = office.client(OperatorRole.SUPPORT)
    assert client.post(reverse("admin:orders_quoterequest_answer", args=[asked.pk])).status_code == 403

"""The search of a list finds rows by each of its fields, in whatever way people type them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Customer
from billing_project.audit.models import AuditEntry
from billing_project.backoffice.finding import words_of
from billing_project.outbox.models import Mail
from billing_project.tenancy.context import tenant_context
from invoices.models import PaperRequest, WrongRecipient
from ledger.models import Entry
from orders.models import Order, Quote
from payments.models import CardPayment, CardRefund, DunningCase, Payment, Payout
from payments.selectors import accounts_paid_into
from payments.services import receive_transfer
from payments.services.payers import add_payer_name
from tests.admin.world import Office, make_busy_office
from tests.factories import make_customer
from tests.orders.factories import order_of


def listed(office: Office, model: type[Model], words: str) -> set[int]:
    """The rows that the list of the model shows."""
    meta = model._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    page = office.client().get(address, {"q": words})
    return {row.pk for row in page.context["cl"].result_list}


def all_of(office: Office, model: type[Any], **which: Any) -> set[int]:
    with tenant_context(office.tenant):
        return set(model.objects.filter(**which).values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", []),
        (" a　b ", ["a", "b"]),
        ('"a b" c', ["a b", "c"]),
        ("'", [""]),
        ('a"b', ['a"b']),
    ],
)
def test_words_stand_apart_and_quotes_hold_them_together(typed: str, words: list[str]) -> None:
    assert list(words_of(typed)) == words


NAMED: dict[type[Model], str] = {
    Order: "customer",
    Quote: "customer",
    Payout: "customer",
    CardPayment: "customer",
    CardRefund: "payment__customer",
    DunningCase: "customer",
    PaperRequest: "document__customer",
    WrongRecipient: "document__customer",
}


@pytest.mark.parametrize("model", NAMED, ids=lambda model: model.__name__)
def test_rows_are_found_by_the_name_of_their_customer(model: type[Model], seen: Office) -> None:
    one, other = (company.customer for company in seen.world.companies)
    path = NAMED[model]
    for words, customer in (("アクメ", one), (one.code, one), ("みなと商会", other)):
        assert listed(seen, model, words) == all_of(seen, model, **{path: customer}), words
    assert all_of(seen, model, **{path: one}) | all_of(seen, model, **{path: other})
    assert listed(seen, model, "どこにもない") == set()


def test_each_word_must_be_found(seen: Office) -> None:
    order = seen.world.company.open
    assert listed(seen, Order, f"アクメ {order.number}") == {order.pk}
    assert listed(seen, Order, f"みなと {order.number}") == set()


def test_an_order_is_found_by_the_beginnings_of_its_numbers(office: Office) -> None:
    with tenant_context(office.tenant):
        order = order_of(make_customer("発注商会"), purchase_order_number="Po-77/a")
    for words in (order.number, order.number.lower(), order.number[:-1], "Po-77", "Ｐｏ－７７／ａ"):
        assert order.pk in listed(office, Order, words), words
    assert listed(office, Order, "77/a") == set()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ﾐﾅﾄ", True),
        ("ミナトショウカイ", True),
        ("ﾐﾅﾄｼﾖｳｶｲ", True),
        ("ｶ)ﾐﾅﾄｼﾖｳｶｲ", True),
        ("カ）ミナトショウカイ", True),
        ("港", True),
        ("グループホンシャ", True),
        ("r-1", True),
        ("ﾐﾅﾄｸ", False),
    ],
)
def test_a_payment_is_found_however_its_payer_is_typed(typed: str, found: bool, paid: Office) -> None:
    [payment] = all_of(paid, Payment, reference="R-1")
    assert (payment in listed(paid, Payment, typed)) is found


@pytest.fixture(scope="module")
def paid(database: None) -> Office:
    office = make_busy_office()
    with tenant_context(office.tenant):
        customer = make_customer("港商会", name_kana="カブシキガイシャミナトショウカイ")
        add_payer_name(customer=customer, name="グループホンシャ")
        receive_transfer(
            amount=1_000,
            payer_name="ｶ)ﾐﾅﾄｼﾖｳｶｲ",
            received_on=date(2026, 11, 2),
            reference="R-1",
            customer=customer,
        )
    return office


@pytest.mark.parametrize("typed", ["ｶ)ﾌｼﾒｲ", "フシメイ", "ふしめい", "シメイ", "unknown-1"])
def test_a_payer_nobody_knows_is_found_by_any_part(typed: str, seen: Office) -> None:
    assert listed(seen, Payment, typed) == all_of(seen, Payment, reference="unknown-1")


@pytest.mark.parametrize("typed", ["keiri.9", "KEIRI.9@contact.example", "窓口", "9商会"])
def test_a_customer_is_found_by_its_contact(typed: str, office: Office) -> None:
    with tenant_context(office.tenant):
        customer = make_customer("第9商会", contact="窓口 花子", email="keiri.9@contact.example")
    assert listed(office, Customer, typed) == {customer.pk}


def test_every_list_can_be_searched(seen: Office) -> None:
    for model, page in admin.site._registry.items():
        assert not [name for name in page.search_fields if "customer__" in str(name)], model
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        assert seen.client().get(address, {"q": "どこにもない"}).status_code < 400, model
        if page.search_fields:
            assert listed(seen, model, "どこにもない") == set(), model


def test_a_search_asks_one_more_question_for_each_word(seen: Office) -> None:
    client, address = seen.client(), reverse("admin:orders_order_changelist")
    asked = []
    for words in ("アクメ", "アクメ 株式会社"):
        client.get(address, {"q": words})
        with CaptureQueriesContext(connection) as queries:
            client.get(address, {"q": words})
        asked.append(len(queries))
    assert asked[1] - asked[0] == 1


def test_accounts_that_payments_name_are_offered_once(paid: Office) -> None:
    with tenant_context(paid.tenant):
        named = Payment.objects.exclude(account="").values_list("account", flat=True)
        assert accounts_paid_into() == sorted(set(named))
        [account] = accounts_paid_into()
        of_account = all_of(paid, Payment, account=account)
    page = paid.client().get(reverse("admin:payments_payment_changelist"), {"account": account})
    assert {row.pk for row in page.context["cl"].result_list} == of_account


def test_mails_entries_and_acts_are_found_by_their_beginnings(seen: Office) -> None:
    with tenant_context(seen.tenant):
        entry = Entry.objects.filter(reason="document").latest("pk")
        act = AuditEntry.objects.filter(action="order_placed").latest("pk")
    assert entry.pk in listed(seen, Entry, entry.memo.lower()[:-1])
    assert act.pk in listed(seen, AuditEntry, act.object_label.lower())
    assert act.pk in listed(seen, AuditEntry, "order_pl")
    assert listed(seen, Mail, "A@Example.com") == all_of(seen, Mail, recipient="a@example.com")
    assert listed(seen, Mail, "件") == all_of(seen, Mail, subject="件名")

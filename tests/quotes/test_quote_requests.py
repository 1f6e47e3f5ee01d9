"""Requests for quotes: who asks, answered or declined once (A9)."""

from __future__ import annotations

import pytest

from accounts.models import Customer
from billing_project.errors import Code
from orders.models import Product, QuoteRequestState
from orders.quote_rules import QuotedLine
from orders.services.quotes import (
    Asking,
    answer_request,
    ask_for_quote,
    decline_request,
)
from tests.acts import letters, refused

ASKING = Asking("株式会社新規", "山田 太郎", "yamada@example.com", "100-0001", "東京都千代田区1-1")


def test_a_request_is_answered_once(acme: Customer) -> None:
    asked = ask_for_quote(product=Product.objects.get(sku="DV-1Y"), quantity=20, asking=ASKING)
    lines = [QuotedLine("DV-1Y", 20, 25_000)]
    quote = answer_request(request=asked, customer=acme, lines=lines)
    assert (quote.recipient, quote.total, quote.by_operator) == ("yamada@example.com", 550_000, True)
    asked.refresh_from_db()
    assert (asked.state, asked.customer) == (QuoteRequestState.ANSWERED, acme)
    with refused(Code.ALREADY_DECIDED):
        answer_request(request=asked, customer=acme, lines=lines)
    with refused(Code.ALREADY_DECIDED):
        decline_request(request=asked, reason="取扱終了")


def test_a_request_is_declined_with_a_reason(acme: Customer) -> None:
    asked = ask_for_quote(product=Product.objects.get(sku="DV-1Y"), quantity=20, asking=ASKING)
    with refused(Code.INVALID_INPUT):
        decline_request(request=asked, reason=" ")
    assert decline_request(request=asked, reason="取扱終了").state == QuoteRequestState.DECLINED
    [letter] = letters("quote_declined")
    assert (letter.recipient, "取扱終了" in letter.text) == (asked.email, True)


@pytest.mark.parametrize(
    "asking",
    [Asking("", "山田", "a@example.com"), Asking("新規", "", "a@example.com"), Asking("新規", "山田", "no")],
)
def test_a_request_says_who_asks(acme: Customer, asking: Asking) -> None:
    with refused(Code.INVALID_INPUT):
        ask_for_quote(product=Product.objects.get(sku="DV-1Y"), quantity=1, asking=asking)

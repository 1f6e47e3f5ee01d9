"""The cards that can be entered, under the numbers that Stripe itself gives for tests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TestCard:
    """`declines`: the decline code of every charge without its holder; `asks_holder`: 3-D Secure."""

    __test__ = False

    number: str
    label: str
    brand: str
    funding: str = "credit"
    declines: str = ""
    asks_holder: bool = False

    @property
    def last4(self) -> str:
        return self.number[-4:]


CARDS = (
    TestCard("4242424242424242", "Visa クレジット", "visa"),
    TestCard("5555555555554444", "Mastercard クレジット", "mastercard"),
    TestCard("3566002020360505", "JCB クレジット", "jcb"),
    TestCard("378282246310005", "American Express クレジット", "amex"),
    TestCard("3056930009020004", "Diners Club クレジット", "diners"),
    TestCard("4000056655665556", "Visa デビット", "visa", "debit"),
    TestCard("5200828282828210", "Mastercard デビット", "mastercard", "debit"),
    TestCard("5105105105105100", "Mastercard プリペイド(受け付けられません)", "mastercard", "prepaid"),
    TestCard("6200000000000005", "銀聯(受け付けられません)", "unionpay"),
    TestCard("4000000000000341", "Visa 請求するとカード会社に拒否される", "visa", declines="generic_decline"),
    TestCard("4000000000009995", "Visa 残高不足", "visa", declines="insufficient_funds"),
    TestCard("4000002760003184", "Visa 請求のたびに本人認証(3Dセキュア)が必要", "visa", asks_holder=True),
)
BY_NUMBER = {card.number: card for card in CARDS}

"""Words for tests of pay-outs."""

from __future__ import annotations

from datetime import date

from accounts.models import Customer
from ledger.models import CustomerBalance
from payments.models import Payment, Payout
from payments.rules import Destination
from payments.services import receive_transfer, request_payout, set_payout_sender

TODAY = date(2026, 12, 10)


def account(holder: str = "ｶ)ｱｸﾒ", **changed: str) -> Destination:
    told = {"bank_code": "0005", "branch_code": "001", "account_kind": "1", "account_number": "7654321"}
    return Destination(**{**told, "holder_kana": holder, **changed})


def pay_in(customer: Customer, amount: int, payer: str = "ｶ)ｱｸﾒ", reference: str = "in-1") -> Payment:
    return receive_transfer(
        amount=amount, payer_name=payer, received_on=TODAY, reference=reference, customer=customer
    )


def ask(customer: Customer, amount: int, holder: str = "ｶ)ｱｸﾒ") -> Payout:
    return request_payout(customer=customer, amount=amount, account=account(holder))


def name_sender() -> None:
    set_payout_sender(
        sender_code="0000000123",
        sender_name="アルファ　ショウメイショ",
        bank_code="0001",
        branch_code="100",
        account_kind="1",
        account_number="1234567",
    )


def payable(customer: Customer) -> int:
    return CustomerBalance.objects.get(customer=customer).payout_payable

"""Money from the bank and back: transfers nobody can place, files in each state, pay-outs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from accounts.models import BankAccount, Customer
from billing_project import clock
from billing_project.jobs.uploads import start_import
from billing_project.tenancy.lookup import current_tenant
from payments.bank_files.days import REIWA
from payments.bank_files.layouts import Kind
from payments.bank_files.zengin import NewBatch, write_file
from payments.models import Payout
from payments.rules import Destination
from payments.selectors import open_payout_files
from payments.services import confirm_payout_file, receive_transfer, request_payout, return_payout
from payments.services.uploads import upload_bank_file
from playbooks.demo.readings import payer_name

Owed = Sequence[tuple[Customer, int]]


def ask_for_payouts(customer: Customer, today: date, owed: int = 0) -> None:
    """The customer pays what it owes and 300,000 yen too much, and asks for two parts of it back."""
    name = payer_name(customer.name)
    receive_transfer(
        amount=owed + 300_000,
        payer_name=name,
        received_on=today,
        reference=f"demo-too-much-{today}-{customer.code}",
        customer=customer,
    )
    for amount, number in ((50_000, "1234567"), (80_000, "7654321")):
        account = Destination("0005", "001", "1", number, name)
        request_payout(customer=customer, amount=amount, account=account)


def pay_out() -> None:
    """The bank has carried out every file that was written, and gives the last pay-out back."""
    for file in open_payout_files():
        confirm_payout_file(file=file, bank_fee=file.count * 145)
        return_payout(payout=Payout.objects.filter(file=file).latest("pk"), reason="口座番号相違")


def transfers_and_files(owed: Owed) -> None:
    """Transfers of unknown payers, a file that is imported, one to be looked at, one that is broken."""
    today = clock.today(current_tenant().zone)
    last, sum_of_last = owed[-1]
    ask_for_payouts(last, today, sum_of_last)
    _unknown_payers(owed, today)
    imported = upload_bank_file(content=_file(owed[:6], today, extra=True), file_name=f"{today:%Y%m%d}.txt")
    upload_bank_file(content=_file(owed[6:10], today), file_name=f"{today:%Y%m%d}-2.txt")
    upload_bank_file(content=_broken(owed[6:8], today), file_name=f"{today:%Y%m%d}-3.txt")
    start_import(upload=imported)


def _unknown_payers(owed: Owed, today: date) -> None:
    """Near a customer's name with its sum, near a name with another sum, and quite unknown."""
    (first, sum_of_first), (second, _sum) = owed[0], owed[1]
    for number, (name, amount) in enumerate(
        (
            (payer_name(first.name)[:-2], sum_of_first),
            (payer_name(second.name) + " ｹｲﾘ", 12_345),
            ("ﾔﾏﾀﾞ ﾊﾅｺ", 33_000),
        )
    ):
        receive_transfer(
            amount=amount, payer_name=name, received_on=today, reference=f"demo-unknown-{number}"
        )


def _file(owed: Owed, today: date, *, extra: bool = False) -> bytes:
    rows = [(payer_name(customer.name), amount) for customer, amount in owed]
    if extra:
        rows += [("ｶ)ﾄﾞｺｶﾉｶｲｼﾔ", 55_000), (payer_name(owed[0][0].name), 1_100)]
    account = BankAccount.objects.earliest("id")
    header: dict[str, str | int] = {
        "bank_code": account.bank_code,
        "branch_code": account.branch_code,
        "account_type": 1,
        "account_number": account.number,
    }
    data: list[dict[str, str | int]] = [
        {
            "reference": number,
            "booked_on": f"{today.year - REIWA:02}{today:%m%d}",
            "payer_name": name,
            "amount": amount,
        }
        for number, (name, amount) in enumerate(rows, start=1)
    ]
    return write_file(Kind.INCOMING, [NewBatch(header, data)])


def _broken(owed: Owed, today: date) -> bytes:
    """The sum of the trailer is not the sum of the records."""
    content = bytearray(_file(owed, today))
    place = content.rindex(b"\n8") + 2 if b"\n8" in content else len(content) - 200
    content[place + 10 : place + 14] = b"9999"
    return bytes(content)

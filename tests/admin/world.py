"""A tenant with a row of everything that the admin shows, and operators of each role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import Member, Operator, OperatorRole, PolicyVersion, Tenant, User
from accounts.services import add_operator, set_policy
from accounts.services.issuer import add_bank_account
from billing_project import clock
from billing_project.backoffice.acts import acts_of
from billing_project.bulk.models import BulkRun
from billing_project.calendar import Month
from billing_project.jobs.models import Job, JobState
from billing_project.jobs.runs import RunState, asked_now
from billing_project.outbox.models import Mail, MailState
from billing_project.tenancy.context import tenant_context
from invoices.models import Document, DocumentLink, MonthRun, PreviewRun
from invoices.services.export import ask_for_export
from invoices.services.files import ensure_file
from invoices.services.link_reports import report_wrong_recipient
from invoices.services.paper import ask_for_paper
from ledger.journal.services import export_journal, name_account
from ledger.models import JournalRun
from orders.models import Product, SalesUpload
from orders.services.quotes import Asking, ask_for_quote
from orders.services.uploads import upload_sales
from payments.models import DunningCase
from payments.rules import Destination
from payments.services import (
    import_bank_file,
    receive_transfer,
    report_deposits,
    request_payout,
    save_csv_mapping,
    set_payout_sender,
    write_payout_file,
)
from payments.services.uploads import upload_bank_file
from playbooks.models import StoryRun
from tests.acts import at
from tests.factories import make_user
from tests.payments.cards import use_cards
from tests.payments.files import era, incoming
from tests.web.world import World, make_world, sign_in

NOW = at("2026-11-03 09:00")
BANK = {
    "position": 1,
    "bank_code": "0001",
    "bank_name": "みずほ銀行",
    "branch_code": "100",
    "branch_name": "本店",
    "kind": "1",
    "number": "1234567",
    "holder_kana": "ｶ)ｱﾙﾌｱ",
    "is_active": True,
}


@dataclass
class Office:
    """The tenant and who works there."""

    world: World
    operators: dict[str, User]

    @property
    def tenant(self) -> Tenant:
        return self.world.tenant

    def client(self, role: str = OperatorRole.ADMIN) -> Client:
        return sign_in(self.operators[role], self.tenant)

    def as_member(self) -> Client:
        return self.world.client()

    def row(self, model: Any, **which: Any) -> Any:
        """The first row of the model in this tenant."""
        with tenant_context(self.tenant):
            return model.objects.filter(**which).order_by("pk")[0]


def make_office() -> Office:
    world = make_world()
    operators = {role: make_user() for role in OperatorRole.values}
    with clock.frozen(at("2026-11-02 12:00")), tenant_context(world.tenant):
        for role, user in operators.items():
            add_operator(user=user, role=role)
        add_bank_account(**BANK)
        set_policy(changes={"payout_fee": 550}, valid_from=date(2026, 12, 1))
        receive_transfer(
            amount=5000, payer_name="ｶ)ﾌｼﾒｲ", received_on=date(2026, 11, 2), reference="unknown-1"
        )
        receive_transfer(
            amount=1000,
            payer_name="ｶ)ｱｸﾒ",
            received_on=date(2026, 11, 2),
            reference="known-1",
            customer=world.company.customer,
        )
    return Office(world, operators)


def make_busy_office() -> Office:
    """With rows of every kind that the admin shows."""
    office = make_office()
    world = office.world
    with clock.frozen(at("2026-11-02 12:00")), tenant_context(world.tenant):
        _use_the_bank(world)
        ensure_file(world.company.document)
        ask_for_paper(document=world.company.document)
        report_wrong_recipient(link=DocumentLink.objects.filter(document=world.company.document)[0])
        ask_for_export(documents=Document.objects.all(), wanted={}).end(RunState.DONE)
        use_cards(world.company.customer)
        ask_for_quote(
            product=Product.objects.get(sku="DV-1Y"),
            quantity=20,
            asking=Asking("株式会社新規", "山田 太郎", "yamada@example.com"),
        )
        DunningCase.objects.create(customer=world.companies[1].customer, opened_on=date(2026, 11, 2))
        name_account(format="yayoi", key=("bank", "", None), account_name="当座預金")
        journal = {"month": "2026-11", "format": "yayoi"}
        written = export_journal(month=Month(2026, 11), format="yayoi")
        JournalRun.objects.create(**journal, export=written, state=RunState.DONE, **asked_now())
        BulkRun.objects.create(act="invoices.document.mail-found", row_count=0, **asked_now())
        upload_sales(content="売上番号\n".encode(), file_name="sales.csv")
        MonthRun.objects.create(month="2026-10", **asked_now())
        PreviewRun.objects.create(month="2026-10", state=RunState.REFUSED, **asked_now())
        StoryRun.objects.create(title="話", story="title: 話", state=RunState.FAILED, **asked_now())
        moment = clock.now()
        Job.objects.create(
            name="orders.expire",
            due_on=date(2026, 11, 2),
            state=JobState.FAILED,
            started_at=moment,
            finished_at=moment,
            error="ValueError: broken",
        )
        Mail.objects.filter(pk=Mail.objects.order_by("pk")[0].pk).update(
            state=MailState.FAILED,
            recipient="a@example.com",
            subject="件名",
            text_body="本文",
            html_body="<p>本文</p>",
            error="SMTPError",
        )
    return office


def _use_the_bank(world: World) -> None:
    """A bank file with an entry in doubt and a cancellation that waits; a pay-out in a file; a report."""
    customer = world.company.customer
    row = {"payer_name": "ｶ)ｱｸﾒ", "amount": 1000, "booked_on": era(date(2026, 11, 2))}
    gone = {"payer_name": "ｷｴﾀ", "amount": 7, "booked_on": era(date(2026, 11, 2)), "cancelled": 1}
    import_bank_file(content=incoming(row, gone), name="20261102.txt")
    upload_bank_file(content=incoming(("ﾔﾏﾀﾞ", 5)), file_name="20261103.txt")
    save_csv_mapping(
        name="みずほ銀行",
        account="0001-100-1-1234567",
        date_column="日付",
        amount_column="入金",
        payer_column="摘要",
        sample='日付,入金,摘要\n2026/11/02,"1,000",ｱｸﾒ\n'.encode("cp932"),
    )
    set_payout_sender(
        sender_code="0000000123",
        sender_name="ｱﾙﾌｱ",
        bank_code="0001",
        branch_code="100",
        account_kind="1",
        account_number="1234567",
    )
    account = Destination("0005", "001", "1", "7654321", "ｶ)ｱｸﾒ")
    receive_transfer(
        amount=200_000,
        payer_name="ｶ)ｱｸﾒ",
        received_on=date(2026, 11, 2),
        reference="known-2",
        customer=customer,
    )
    payout = request_payout(customer=customer, amount=1000, account=account)
    write_payout_file(pay_on=payout.pay_on)
    request_payout(customer=customer, amount=2000, account=account)
    report_deposits(day=date(2026, 9, 30))


def models() -> list[Any]:
    """Every model that the admin shows."""
    return sorted(admin.site._registry, key=lambda model: model._meta.label)


def row_addresses(model: Any, pk: int) -> list[str]:
    """The pages of a row: itself, its history, its acts."""
    name = f"{model._meta.app_label}_{model._meta.model_name}"
    acts = [each.url_name(model) for each in acts_of(model) if each.on_row]
    return [reverse(f"admin:{each}", args=[pk]) for each in (f"{name}_change", f"{name}_history", *acts)]


def list_addresses(model: Any) -> list[str]:
    """The list and its acts."""
    name = f"{model._meta.app_label}_{model._meta.model_name}"
    acts = [each.url_name(model) for each in acts_of(model) if not each.on_row]
    return [reverse(f"admin:{each}") for each in (f"{name}_changelist", *acts)]


__all__ = ["Member", "Office", "Operator", "PolicyVersion", "SalesUpload", "make_busy_office", "make_office"]

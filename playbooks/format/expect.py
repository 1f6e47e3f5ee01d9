"""What must hold: the keys of `expect`. None means: not checked."""

from typing import Literal

from playbooks.format.types import (
    Account,
    Amount,
    Count,
    Day,
    DocumentKind,
    DunningStep,
    Flag,
    Model,
    PayMethod,
    Price,
    Range,
    Ref,
    TaxCategory,
    Text,
    Whole,
    Yen,
)

OrderState = Literal[
    "awaiting_approval", "rejected", "open", "partly_delivered", "delivered", "cancelled", "expired"
]


class ExpectedDocument(Model):
    kind: DocumentKind
    customer: Ref
    issued: Day | None = None
    transaction: tuple[Day, ...] | None = None
    due: Day | None = None
    subtotal: Yen | None = None
    tax: dict[TaxCategory, Yen] | None = None
    total: Yen | None = None
    carried_over: Yen | None = None
    deposit_applied: Price | None = None
    to_pay: Yen | None = None
    addressee: Text | None = None
    of: Count | None = None
    numbers: Literal["gapless"] | None = None


class ExpectedMail(Model):
    to: Ref
    subject: Text | None = None


class ExpectedBalance(Model):
    receivable: Yen | None = None
    deposit: Yen | None = None


class ExpectedOrder(Model):
    state: OrderState | None = None
    can_cancel: Flag | None = None


class ExpectedContract(Model):
    state: Literal["pending", "active", "suspended", "ended"] | None = None
    ends: Day | None = None
    quantity: Whole | None = None
    range: Range | None = None
    pays: PayMethod | None = None


class ExpectedCustomer(Model):
    steps: tuple[DunningStep, ...] | None = None
    pays: PayMethod | None = None


class ExpectedLink(Model):
    state: Literal["open", "paid", "expired"] | None = None
    until: Day | None = None
    amount: Price | None = None


class ExpectedPayment(Model):
    customer: Ref
    method: Literal["card", "transfer", "konbini", "direct_debit"] | None = None
    amount: Amount | None = None
    state: Literal["succeeded", "failed", "refunded", "partly_refunded"] | None = None


class ExpectedPayout(Model):
    customer: Ref
    amount: Price | None = None
    fee: Price | None = None
    on: Day | None = None


class ExpectedDepositReport(Model):
    """`on` is the day of record (X11)."""

    on: Day
    customers: Whole | None = None
    total: Price | None = None
    warns: Flag | None = None


class ExpectedAct(Model):
    """An entry of the audit log (X7); `about` is a part of what it calls its object."""

    act: Text
    by: Literal["member", "operator", "job", "system"] | None = None
    about: Text | None = None


class ExpectedQueueDay(Model):
    """A day of the print queue (A18)."""

    day: Day
    documents: Whole | None = None
    waiting: Whole | None = None


class Expect(Model):
    """Documents, payments and pay-outs are complete lists since the last `expect` that had the key."""

    documents: tuple[ExpectedDocument, ...] | None = None
    mails: tuple[ExpectedMail, ...] | None = None
    no_mails: Literal[True] | None = None
    balances: dict[Ref, ExpectedBalance] | None = None
    orders: dict[Ref, ExpectedOrder] | None = None
    contracts: dict[Ref, ExpectedContract] | None = None
    customers: dict[Ref, ExpectedCustomer] | None = None
    links: dict[Ref, ExpectedLink] | None = None
    payments: tuple[ExpectedPayment, ...] | None = None
    payouts: tuple[ExpectedPayout, ...] | None = None
    unmatched_transfers: Whole | None = None
    journal: dict[Account, Yen] | None = None
    deposit_reports: tuple[ExpectedDepositReport, ...] | None = None
    print_queue: tuple[ExpectedQueueDay, ...] | None = None
    audit: tuple[ExpectedAct, ...] | None = None
    hidden_from_others: Literal[True] | None = None

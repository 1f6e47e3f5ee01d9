"""What waits for a person in the matter of money."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from billing_project import clock
from billing_project.backoffice.inbox import Kind, waits
from billing_project.jobs.runs import RunState, troubled
from invoices.models import Document
from payments.admin.desk import doubtful, open_cancellations
from payments.models import (
    BankCancellation,
    BankUpload,
    CardPayment,
    CardPaymentState,
    CardRefund,
    CardRefundState,
    DepositReport,
    DunningHalt,
    GatewayEvent,
    Payment,
    Payout,
    PayoutFile,
    PayoutState,
)
from payments.selectors import open_payout_files, unmatched_transfers
from payments.selectors.cards import new_chargebacks, new_failed_refunds, stuck_events
from payments.selectors.deposits import new_warned_reports

ANSWERED_WITHIN = timedelta(days=1)


def _unanswered_charges() -> QuerySet[CardPayment]:
    unknown = Q(state=CardPaymentState.INTENDED) | Q(state=CardPaymentState.RELEASED, settled_at=None)
    return CardPayment.objects.filter(unknown, intended_at__lt=clock.now() - ANSWERED_WITHIN)


def _unanswered_refunds() -> QuerySet[CardRefund]:
    return CardRefund.objects.filter(
        state=CardRefundState.INTENDED, intended_at__lt=clock.now() - ANSWERED_WITHIN
    )


def _payouts_due() -> QuerySet[Payout]:
    return Payout.objects.filter(state=PayoutState.ASKED, pay_on__lte=clock.today())


def _halts() -> QuerySet[DunningHalt]:
    return DunningHalt.objects.filter(resumed_on=None)


def _uploads() -> QuerySet[BankUpload]:
    return BankUpload.objects.filter(state=RunState.UPLOADED) | troubled(BankUpload)


_ORDER_OF: dict[str, Any] = {
    "what": Concat(F("order_number"), Value(" "), F("customer__name")),
    "amount": "amount",
}
_REFUND_OF: dict[str, Any] = {
    "what": Concat(F("payment__order_number"), Value(" "), F("payment__customer__name")),
    "why": "error",
    "amount": "amount",
}

waits(
    10,
    Kind(
        "unmatched",
        _("Transfers without a known payer"),
        Payment,
        unmatched_transfers,
        since="received_on",
        what="payer_name",
        why="note",
        amount="amount",
        acts=("match", "split", "send-back"),
    ),
)
waits(
    11,
    Kind(
        "doubtful",
        _("Transfers that may be booked already"),
        Payment,
        doubtful,
        since="received_on",
        what="payer_name",
        why="note",
        amount="amount",
        acts=("same", "other"),
    ),
)
waits(
    12,
    Kind(
        "taken_back",
        _("Transfers taken back by the bank"),
        BankCancellation,
        open_cancellations,
        since="booked_on",
        what="payer_name",
        why="why",
        amount="amount",
        acts=("retry", "settle"),
        tone="danger",
    ),
)
waits(
    13,
    Kind(
        "bank_uploads",
        _("Bank files that are not imported"),
        BankUpload,
        _uploads,
        since="asked_at",
        what="file_name",
        why="message",
        acts=("import", "discard"),
    ),
)
waits(
    20,
    Kind(
        "failed_refunds",
        _("Card refunds that failed"),
        CardRefund,
        new_failed_refunds,
        since="settled_at",
        tone="danger",
        **_REFUND_OF,
    ),
)
waits(
    21,
    Kind(
        "chargebacks",
        _("Card payments charged back"),
        CardPayment,
        new_chargebacks,
        since="settled_at",
        tone="danger",
        **_ORDER_OF,
    ),
)
waits(
    22,
    Kind(
        "unanswered_charges",
        _("Card charges without an answer"),
        CardPayment,
        _unanswered_charges,
        since="intended_at",
        **_ORDER_OF,
    ),
)
waits(
    23,
    Kind(
        "unanswered_refunds",
        _("Card refunds without an answer"),
        CardRefund,
        _unanswered_refunds,
        since="intended_at",
        **_REFUND_OF,
    ),
)
waits(
    24,
    Kind(
        "stuck_events",
        _("Events of the card provider that could not be handled"),
        GatewayEvent,
        stuck_events,
        since="received_at",
        what="kind",
        why="error",
    ),
)
waits(
    30,
    Kind(
        "payouts_due",
        _("Pay-outs that are due"),
        Payout,
        _payouts_due,
        since="pay_on",
        what="customer__name",
        amount="amount",
    ),
)
waits(
    31,
    Kind(
        "payout_files",
        _("Pay-out files to be confirmed"),
        PayoutFile,
        open_payout_files,
        since="pay_on",
        what=Concat(F("count"), Value(""), output_field=CharField()),
        amount="total",
        acts=("confirm", "download"),
    ),
)
waits(
    32,
    Kind(
        "deposit_reports",
        _("Deposits of 10,000,000 yen or more"),
        DepositReport,
        new_warned_reports,
        since="day",
        what=Value(""),
        amount="total",
        tone="danger",
    ),
)
waits(
    50,
    Kind(
        "halts",
        _("Documents whose dunning is halted"),
        Document,
        _halts,
        since="halted_on",
        what=Concat(F("document__number"), Value(" "), F("customer__name")),
        why="reason",
        amount="document__total",
        acts=("resume-dunning", "write-off"),
        key="document_id",
        tone="info",
    ),
)

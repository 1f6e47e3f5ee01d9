"""What this room tells of a customer's history: money, and dunning."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.policy.choices import Step
from billing_project.backoffice.history import Strand, braid
from invoices.models import Document
from payments.models import (
    CardPayment,
    CardPaymentState,
    CardRefund,
    CardRefundState,
    DunningStepTaken,
    Match,
    MatchKind,
    Payment,
    Payout,
    PayoutState,
)

braid(
    Strand(
        "payments",
        _("Payments"),
        Payment,
        lambda customer: Match.objects.filter(customer=customer),
        at="matched_at",
        what="payment__payer_name",
        code="kind",
        amount="amount",
        key="payment_id",
        words=dict(MatchKind.choices),
    )
)
braid(
    Strand(
        "payouts",
        _("Pay-outs"),
        Payout,
        lambda customer: Payout.objects.filter(customer=customer),
        at="asked_at",
        what="reason",
        code="state",
        amount="amount",
        words=dict(PayoutState.choices),
    )
)
braid(
    Strand(
        "card_payments",
        _("Card payments"),
        CardPayment,
        lambda customer: CardPayment.objects.filter(customer=customer),
        at="intended_at",
        what="order_number",
        code="state",
        amount="amount",
        words=dict(CardPaymentState.choices),
    )
)
braid(
    Strand(
        "card_refunds",
        _("Card refunds"),
        CardRefund,
        lambda customer: CardRefund.objects.filter(payment__customer=customer),
        at="intended_at",
        what="payment__order_number",
        code="state",
        amount="amount",
        words=dict(CardRefundState.choices),
    )
)
braid(
    Strand(
        "dunning",
        _("Dunning"),
        Document,
        lambda customer: DunningStepTaken.objects.filter(customer=customer),
        at="taken_at",
        what="document__number",
        code="step",
        key="document_id",
        words=dict(Step.choices),
    )
)

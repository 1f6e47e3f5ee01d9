"""What this room tells of a customer's history: money, and dunning."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from billing_project.backoffice.history import braid_rows
from invoices.models import Document
from payments.models import CardPayment, CardRefund, DunningStepTaken, Match, Payment, Payout

braid_rows(
    "payments",
    _("Payments"),
    Match,
    page=Payment,
    key="payment_id",
    at="matched_at",
    what="payment__payer_name",
    code="kind",
    amount="amount",
)
braid_rows("payouts", _("Pay-outs"), Payout, at="asked_at", what="reason", code="state", amount="amount")
braid_rows(
    "card_payments",
    _("Card payments"),
    CardPayment,
    at="intended_at",
    what="order_number",
    code="state",
    amount="amount",
)
braid_rows(
    "card_refunds",
    _("Card refunds"),
    CardRefund,
    of="payment__customer",
    at="intended_at",
    what="payment__order_number",
    code="state",
    amount="amount",
)
braid_rows(
    "dunning",
    _("Dunning"),
    DunningStepTaken,
    page=Document,
    key="document_id",
    at="taken_at",
    what="document__number",
    code="step",
)

"""What the verbs, expectations and events of a story are called on screens."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing_project.errors import Text

VERBS: Mapping[str, Text] = {
    "allow_later_payment": pgettext_lazy("verb of a story", "Later payment decided"),
    "ask_for_paper": pgettext_lazy("verb of a story", "Asked for on paper"),
    "beat": pgettext_lazy("verb of a story", "Scheduler stopped or started"),
    "cancel": pgettext_lazy("verb of a story", "Customer cancels"),
    "change_contact": pgettext_lazy("verb of a story", "Contact changes"),
    "chargeback": pgettext_lazy("verb of a story", "Chargeback"),
    "correct": pgettext_lazy("verb of a story", "Document corrected"),
    "deliver": pgettext_lazy("verb of a story", "Delivery"),
    "expect": pgettext_lazy("verb of a story", "Expected"),
    "halt_dunning": pgettext_lazy("verb of a story", "Dunning halted"),
    "match": pgettext_lazy("verb of a story", "Transfer matched"),
    "operator_cancel": pgettext_lazy("verb of a story", "Operator cancels"),
    "order": pgettext_lazy("verb of a story", "Order"),
    "payout": pgettext_lazy("verb of a story", "Pay-out asked for"),
    "payout_returned": pgettext_lazy("verb of a story", "Pay-out returned"),
    "print_day": pgettext_lazy("verb of a story", "Print queue printed"),
    "quote": pgettext_lazy("verb of a story", "Quote"),
    "refused": pgettext_lazy("verb of a story", "Refused, as expected"),
    "resume_dunning": pgettext_lazy("verb of a story", "Dunning resumed"),
    "set_policy": pgettext_lazy("verb of a story", "Policy changes"),
    "transfer": pgettext_lazy("verb of a story", "Transfer arrives"),
    "wait": pgettext_lazy("verb of a story", "Time passes"),
    "write_off": pgettext_lazy("verb of a story", "Written off"),
}
EXPECTATIONS: Mapping[str, Text] = {
    "audit": _("Audit log"),
    "balances": _("Balances"),
    "customers": _("Customers"),
    "deposit_reports": _("Deposit reports"),
    "documents": _("Documents"),
    "hidden_from_others": _("Hidden from other tenants"),
    "journal": _("Sums of the ledger"),
    "mails": _("Mails"),
    "no_mails": _("No mails"),
    "orders": pgettext_lazy("admin", "Orders"),
    "payments": _("Payments"),
    "payouts": _("Pay-outs"),
    "print_queue": _("Print queue"),
    "unmatched_transfers": _("Unmatched transfers"),
}
KINDS: Mapping[str, Text] = {
    "step": _("step"),
    "job": _("job"),
    "document": _("document"),
    "mail": _("mail"),
    "entry": _("booking"),
}
TONES: Mapping[str, str] = {"step": "", "job": "info", "document": "success", "mail": "warning", "entry": ""}

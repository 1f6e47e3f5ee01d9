"""The editor of the billing policy: a field for each of the policy's, in groups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import UnionType
from typing import Any, get_args

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.policy import BillingPolicy, label_of
from accounts.policy.periods import explain, rules_of
from accounts.policy.values import read_per_method
from billing_project.backoffice.forms import DayField, OperatorForm
from billing_project.calendar import DayRule
from billing_project.errors import InvalidValue, Text

GROUPS: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (
        _("Prices and tax"),
        (
            "price_entry",
            "tax_rounding",
            "qualified_document",
            "charge_dated",
            "payment_methods",
            "first_method",
        ),
    ),
    (_("Closing, issue and due days"), ("closes", "issue_day", "due_day")),
    (
        _("Orders and quotes"),
        (
            "order_expiry_days",
            "order_expiry_warnings",
            "cancel_window_days",
            "cancel_reminder_days",
            "refund_to",
            "quote_valid_days",
            "approval",
            "credit_limit_default",
        ),
    ),
    (
        _("Deposits and pay-outs"),
        ("apply_deposit", "short_transfer_tolerance", "payout_cutoff", "payout_day", "payout_fee"),
    ),
    (
        _("Dunning and failed payments"),
        ("dunning", "link_expires", "link_again", "failed_debit", "card_refusals_before_transfer"),
    ),
    (
        _("Contracts"),
        (
            "signup_cutoff_day",
            "renewal",
            "renewal_notice",
            "renewal_notice_months",
            "reinstate_days",
            "overage",
            "renewal_grace_days",
            "first_bill",
            "renew_at",
            "minimum_term_months",
            "early_end_tax",
        ),
    ),
    (
        _("Members, sessions and links"),
        (
            "membership_screening",
            "screening_business_days",
            "first_sign_in_hours",
            "session_idle_minutes",
            "document_link_days",
        ),
    ),
)
_PER_METHOD = ("issue_day", "due_day")
DAY_FIELDS = (
    "closes",
    *_PER_METHOD,
    "payout_cutoff",
    "payout_day",
    "link_expires",
    "link_again",
    "signup_cutoff_day",
    "renewal_notice",
)
"""The fields that hold day rules, explained by the next dates they give."""


class PolicyForm(OperatorForm):
    """What is entered goes to the policy itself, which judges it; problems come back beside the fields."""

    valid_from = DayField(
        label=_("Valid from"), help_text=_("Today or later. What was done before stays as it was.")
    )

    def __init__(
        self, data: Any = None, *, policy: BillingPolicy, today: date, explain_url: str = ""
    ) -> None:
        self.policy, self.today = policy, today
        self.before = {name: as_text(value) for name, value in policy.to_json().items()}
        super().__init__(data, initial={"valid_from": today, **self.before})
        for name in BillingPolicy.model_fields:
            self.fields[name] = _field_of(name, explain_url)
        self.restyle()

    @property
    def groups(self) -> list[dict[str, Any]]:
        """For the template: title, and bound fields with the days they give."""
        return [
            {"title": title, "fields": [{"field": self[name], "days": self._days(name)} for name in names]}
            for title, names in GROUPS
        ]

    def changes(self) -> dict[str, str]:
        """The fields that say something else than before."""
        entered = {name: self.cleaned_data[name].strip() for name in self.before}
        return {name: value for name, value in entered.items() if value != self.before[name]}

    def _days(self, name: str) -> dict[str, Any] | None:
        return explained(name, self[name].value() or "", self.today) if name in DAY_FIELDS else None


def explained(name: str, text: str, today: date) -> dict[str, Any]:
    """The next three days of each rule in a field as entered: `rules` (rule, days), or `error`."""
    try:
        rules = list(_rules(name, text))
    except InvalidValue as refusal:
        return {"rules": [], "error": refusal.message}
    return {"rules": [(label, list(map(str, explain(rule, today)))) for label, rule in rules], "error": ""}


def as_text(value: Any) -> str:
    """A JSON value of the policy as its field in the form shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def shown(name: str, value: Any) -> str:
    """A JSON value of the policy in words."""
    text = as_text(value)
    words = dict(_choices_of(name) or [])
    return str(words.get(text, text)) or "—"


def days_of(policy: BillingPolicy, today: date) -> dict[str, list[tuple[str, list[date]]]]:
    """The next days of each rule of a policy, by the name of its field."""
    found: dict[str, list[tuple[str, list[date]]]] = {}
    for name, rule in rules_of(policy):
        found.setdefault(name.split(".")[0], []).append((str(rule), explain(rule, today)))
    return found


def _rules(name: str, text: str) -> Iterator[tuple[str, DayRule]]:
    if not text.strip() or (name == "link_again" and text.strip() == "with_bill"):
        return
    if name in _PER_METHOD:
        read = read_per_method(text, DayRule.parse)
        yield str(read.default), read.default
        yield from ((f"{method.label}: {rule}", rule) for method, rule in read.special)
    else:
        yield text.strip(), DayRule.parse(text)


def _field_of(name: str, explain_url: str) -> forms.Field:
    label = label_of(name)
    common: dict[str, Any] = {"label": label.label, "help_text": label.help, "required": False}
    if choices := _choices_of(name):
        return forms.ChoiceField(choices=choices, **common)
    return forms.CharField(max_length=500, widget=forms.TextInput(_live(name, explain_url)), **common)


def _live(name: str, explain_url: str) -> dict[str, str]:
    """The attributes by which a day rule is explained while it is typed."""
    if name not in DAY_FIELDS:
        return {}
    return {
        "hx-get": f"{explain_url}?field={name}",
        "hx-trigger": "input changed delay:300ms",
        "hx-target": f"#days-{name}",
        "autocomplete": "off",
    }


def _choices_of(name: str) -> list[tuple[str, Any]] | None:
    annotation = BillingPolicy.model_fields[name].annotation
    either = get_args(annotation) if isinstance(annotation, UnionType) else (annotation,)
    kinds = [each for each in either if isinstance(each, type) and not get_args(each)]
    empty: list[tuple[str, Any]] = [("", "—")] if type(None) in kinds else []
    if bool in kinds:
        return [("true", _("Yes")), ("false", _("No"))]
    for kind in kinds:
        if issubclass(kind, TextChoices):
            return [*empty, *kind.choices]
    return None

"""The billing policy: what makes one tenant differ from another, as data.

A policy never changes; a tenant has versions of it. X10 says which version holds.
"""

from typing import Annotated, Any, Self

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from accounts.policy import types
from accounts.policy.checks import InvalidPolicy, find_problems
from accounts.policy.choices import PaymentMethod
from accounts.policy.types import Label
from billing_project.calendar import DayRule

_EMPTY = {"", "-", "—", "None"}


class BillingPolicy(BaseModel):
    """All that a tenant can choose about billing. Build it with `accounts.policy.reading.read_policy`.

    Fields that may be None are things this way of doing business does not know. A field that is added later
    needs a default, so that stored versions can still be read. Days of months are relative to the *billing
    month*, the month in which the bill is issued.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    payment_methods: Annotated[
        types.Methods,
        Field(min_length=1),
        Label(_("Payment methods"), _("The methods offered, separated by commas. The first is shown first.")),
    ]
    first_method: Annotated[
        types.Method,
        Label(
            _("First method"), _("The method of a new customer or contract. It must be one of those offered.")
        ),
    ]
    price_entry: Annotated[
        types.PriceEntry,
        Label(_("Prices"), _("Whether prices are entered and calculated without or with tax.")),
    ]
    tax_rounding: Annotated[
        types.TaxRounding,
        Label(_("Rounding of tax"), _("Applied once for each tax rate on each document.")),
    ]
    qualified_document: Annotated[
        types.MethodDocuments,
        Label(
            _("Qualified invoice"),
            _(
                "The document that states the tax, and methods that differ:"
                " delivery_note; later_transfer invoice"
            ),
        ),
    ]
    closes: Annotated[
        types.Day | None,
        Label(
            _("Closing day"),
            _(
                "The last day whose charges are billed: of the billing month, or of the month before"
                " if it would come after the issue day. Empty when bills follow terms."
            ),
        ),
    ] = None
    issue_day: Annotated[
        types.MethodDays,
        Label(
            _("Issue day"),
            _("The day bills are issued, and methods that differ: bd5; card 5+; direct_debit 11+"),
        ),
    ]
    due_day: Annotated[
        types.MethodDays,
        Label(_("Due day"), _("The day bills are due, and methods that differ: last+; direct_debit 26+")),
    ]
    order_expiry_days: Annotated[
        types.Days | None,
        Label(
            _("Days until an order expires"),
            _("Including the day of the order. Empty: orders do not expire."),
        ),
    ] = None
    order_expiry_warnings: Annotated[
        types.Warnings,
        Label(
            _("Warnings before an order expires"),
            _("Days before the cancelling day, separated by commas: 7, 1. Earlier than the order: not sent."),
        ),
    ] = ()
    cancel_window_days: Annotated[
        types.DaysOrNever | None,
        Label(
            _("Days in which a delivery can be cancelled"),
            _("Including the day of delivery. 0: never. Empty: never."),
        ),
    ] = None
    cancel_reminder_days: Annotated[
        types.Days | None,
        Label(
            _("Reminder before the cancel window ends"), _("Days before its last day. Empty: no reminder.")
        ),
    ] = None
    refund_to: Annotated[
        types.MethodRefunds | None,
        Label(
            _("Refunds"),
            _("Where the money of a cancelled sale goes, and methods that differ: next_bill; card card"),
        ),
    ] = None
    payout_cutoff: Annotated[
        types.Day,
        Label(
            _("Cut-off day of pay-outs"), _("Asked for up to and including this day: paid out this month.")
        ),
    ]
    payout_day: Annotated[
        types.Day,
        Label(_("Pay-out day"), _("After the cut-off day it is the same day of the next month.")),
    ]
    payout_fee: Annotated[
        types.Yen, Label(_("Pay-out fee"), _("The bank's fee in yen, taken from the sum paid out."))
    ]
    apply_deposit: Annotated[
        bool, Label(_("Apply deposit"), _("Whether free deposit pays bills as soon as they are issued."))
    ]
    short_transfer_tolerance: Annotated[
        types.Yen,
        Label(
            _("Tolerance for short transfers"),
            _("Transfers short by at most this sum in yen settle the bill; the rest is your fee."),
        ),
    ]
    quote_valid_days: Annotated[
        types.Days | None, Label(_("Days a quote is valid"), _("Empty when there are no quotes."))
    ] = None
    approval: Annotated[
        bool, Label(_("Approval of orders"), _("Whether orders go through the customer's approval route."))
    ]
    credit_limit_default: Annotated[
        types.Yen | None,
        Label(_("Credit limit of a new customer"), _("In yen, with tax. Empty: no limit.")),
    ] = None
    membership_screening: Annotated[
        bool,
        Label(_("Screening of members"), _("Whether an operator accepts each company before it can order.")),
    ]
    screening_business_days: Annotated[
        types.Days | None, Label(_("Business days for the screening"), _("The screening is due after these."))
    ] = None
    first_sign_in_hours: Annotated[
        types.Days | None,
        Label(_("Hours for the first sign-in"), _("The link in the acceptance mail is valid so long.")),
    ] = None
    dunning: Annotated[
        types.Dunning,
        Label(
            _("Dunning"),
            _("Days after the due date and the step, in order: 3 reminder; 10 no_new_orders; 20 suspended"),
        ),
    ] = ()
    link_expires: Annotated[
        types.Day | None, Label(_("Payment links expire"), _("At the end of this day of the billing month."))
    ] = None
    link_again: Annotated[
        types.LinkAgain | None,
        Label(
            _("New link after an expired one"),
            _("with_bill: together with the next bill. A day: on that day, for the open sum alone."),
        ),
    ] = None
    signup_cutoff_day: Annotated[
        types.Day | None,
        Label(
            _("Cut-off day of sign-ups"),
            _(
                "Signed up to and including this day: billed from the next month."
                " Later: from the month after that."
            ),
        ),
    ] = None
    failed_debit: Annotated[
        types.Method | None,
        Label(_("After a failed direct debit"), _("The method by which that bill can then be paid.")),
    ] = None
    card_refusals_before_transfer: Annotated[
        types.Days | None,
        Label(
            _("Refused card bills before transfer"),
            _("After so many bills in a row whose card was refused, bills are paid by transfer."),
        ),
    ] = None
    renewal: Annotated[
        types.Renewal | None, Label(_("Renewal"), _("What happens to a contract at the end of its term."))
    ] = None
    renewal_notice: Annotated[
        types.Day | None,
        Label(
            _("Renewal notice"),
            _("The day of the term's last month on which the renewal is announced by mail."),
        ),
    ] = None
    renewal_notice_months: Annotated[
        types.Days | None,
        Label(
            _("Renewal notice for terms from"),
            _("Months; shorter terms get no notice. Empty: every term gets one."),
        ),
    ] = None
    reinstate_days: Annotated[
        types.Days | None,
        Label(
            _("Days to reinstate a contract"),
            _("A contract that ended unpaid goes on without a gap when paid within these days."),
        ),
    ] = None
    overage: Annotated[
        types.Overage | None, Label(_("Use beyond the range"), _("What is charged for it."))
    ] = None
    renewal_grace_days: Annotated[
        types.Days | None,
        Label(
            _("Grace days of renewed certificates"),
            _("Including the day of the successor's issue; the old certificate is not counted in them."),
        ),
    ] = None
    first_bill: Annotated[
        types.FirstBill | None, Label(_("First bill"), _("The month in which a contract is first billed."))
    ] = None
    renew_at: Annotated[
        types.RenewAt | None, Label(_("Quantity at renewal"), _("The quantity with which a contract renews."))
    ] = None
    minimum_term_months: Annotated[
        types.Days | None, Label(_("Minimum term in months"), _("Ending earlier is charged. Empty: none."))
    ] = None
    early_end_tax: Annotated[
        types.TaxCategory | None,
        Label(_("Tax on early ends"), _("Tax category of the charge for an early end.")),
    ] = None
    charge_dated: Annotated[types.ChargeDated, Label(_("Transaction date"), _("The day that charges bear."))]
    session_idle_minutes: Annotated[
        types.Days, Label(_("Idle minutes"), _("Sessions without activity end after so many minutes."))
    ]
    document_link_days: Annotated[
        types.Days, Label(_("Days of document links"), _("Links to documents in mails are valid so long."))
    ]

    @model_validator(mode="before")
    @classmethod
    def _empty_is_missing(cls, data: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in data.items() if str(value).strip() not in _EMPTY}

    @model_validator(mode="after")
    def _fields_agree(self) -> Self:
        if problems := find_problems(self):
            raise InvalidPolicy(problems)
        return self

    def issue_day_for(self, method: PaymentMethod) -> DayRule:
        return self.issue_day.get(method)

    def due_day_for(self, method: PaymentMethod) -> DayRule:
        return self.due_day.get(method)

    def to_json(self) -> dict[str, Any]:
        """All fields in their order, as JSON values; `read_policy` reads them back."""
        return self.model_dump(mode="json")

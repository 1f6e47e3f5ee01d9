"""Refusals: how the product says no.

Whatever a rule forbids ends in a `Refusal`: a stable code for programs, a sentence for the person, and
nothing changed. An act raises it before its first write, or inside the transaction that it rolls back.
"""

from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
"""A text for a person: a string, or one that is translated when it is shown."""


class Code(StrEnum):
    """Every code a refusal can have. Codes are an interface: they are added, never renamed.

    Where several refusals hold, an act raises the first in this order, which is also the order below:
    who may act, the thing's own state, a blocked customer, the rule of the act, money.
    """

    # Who may act
    NOT_PERMITTED = "not_permitted"
    # The thing's own state
    ALREADY_CANCELLED = "already_cancelled"
    ALREADY_DELIVERED = "already_delivered"
    ALREADY_DECIDED = "already_decided"
    ALREADY_PAID = "already_paid"
    ALREADY_CORRECTED = "already_corrected"
    ALREADY_BILLED_DIRECTLY = "already_billed_directly"
    ORDER_EXPIRED = "order_expired"
    CONTRACT_ENDED = "contract_ended"
    QUOTE_EXPIRED = "quote_expired"
    LINK_EXPIRED = "link_expired"
    BILL_FINAL = "bill_final"
    # The customer
    CUSTOMER_BLOCKED = "customer_blocked"
    # The rule of the act
    AWAITING_APPROVAL = "awaiting_approval"
    NOT_YOUR_TURN = "not_your_turn"
    CANCEL_WINDOW_CLOSED = "cancel_window_closed"
    NOT_CANCELLABLE = "not_cancellable"
    NOT_CORRECTABLE = "not_correctable"
    NOTHING_CHANGED = "nothing_changed"
    DISCONTINUED = "discontinued"
    NOT_REORDERABLE = "not_reorderable"
    INQUIRY_REQUIRED = "inquiry_required"
    RESALE_NOT_ALLOWED = "resale_not_allowed"
    ADDRESS_NOT_REGISTERED = "address_not_registered"
    UPLOAD_REFUSED = "upload_refused"
    DIRECT_BILLING_NOT_DUE = "direct_billing_not_due"
    NOT_ON_PAPER = "not_on_paper"
    METHOD_NOT_OFFERED = "method_not_offered"
    LATER_PAYMENT_NOT_ALLOWED = "later_payment_not_allowed"
    CARD_NEEDS_AUTHORITY = "card_needs_authority"
    MONTH_NOT_OVER = "month_not_over"
    DELIVERY_DATE_NOT_ALLOWED = "delivery_date_not_allowed"
    IMPORT_REJECTED = "import_rejected"
    TOO_MANY_DOCUMENTS = "too_many_documents"
    INVALID_INPUT = "invalid_input"
    INVALID_AMOUNT = "invalid_amount"
    INVALID_DATE = "invalid_date"
    INVALID_DAY_RULE = "invalid_day_rule"
    INVALID_POLICY = "invalid_policy"
    INVALID_PLAYBOOK = "invalid_playbook"
    NO_TAX_RATE = "no_tax_rate"
    NOT_CONFORMING = "not_conforming"
    SEAL_FILE_TOO_LARGE = "seal_file_too_large"
    SEAL_FILE_NOT_READABLE = "seal_file_not_readable"
    SEAL_PASSWORD_WRONG = "seal_password_wrong"  # noqa: S105
    SEAL_WITHOUT_KEY = "seal_without_key"
    SEAL_KEY_NOT_SUPPORTED = "seal_key_not_supported"
    SEAL_NOT_FOR_SIGNING = "seal_not_for_signing"
    SEAL_EXPIRED = "seal_expired"
    SEAL_NOT_CONFIGURED = "seal_not_configured"
    IMAGE_NOT_ACCEPTED = "image_not_accepted"
    IMAGE_TOO_LARGE = "image_too_large"
    IMAGE_TOO_SMALL = "image_too_small"
    IMAGE_NOT_VISIBLE = "image_not_visible"
    COLOUR_TOO_LIGHT = "colour_too_light"
    NOT_SUPPORTED_YET = "not_supported_yet"
    # Money
    CARD_BRAND_NOT_ACCEPTED = "card_brand_not_accepted"
    CARD_PREPAID = "card_prepaid"
    CARD_DECLINED = "card_declined"
    CREDIT_LIMIT_EXCEEDED = "credit_limit_exceeded"
    INSUFFICIENT_DEPOSIT = "insufficient_deposit"
    NOT_PAID = "not_paid"
    REFUND_NAME_MISMATCH = "refund_name_mismatch"
    PAYOUT_TOO_SMALL = "payout_too_small"
    NOTHING_TO_PAY_OUT = "nothing_to_pay_out"
    NOTHING_TO_EXPORT = "nothing_to_export"
    JOURNAL_ACCOUNT_MISSING = "journal_account_missing"
    NOTHING_TO_DEBIT = "nothing_to_debit"
    CARD_PROVIDER_AWAY = "card_provider_away"


MESSAGES: dict[Code, Promise] = {
    Code.NOT_PERMITTED: _(
        "You are not permitted to do this. Ask the person who holds ordering authority in your company."
    ),
    Code.ALREADY_CANCELLED: _("This has already been cancelled. Nothing more needs to be done."),
    Code.ALREADY_DELIVERED: _(
        "This has already been delivered. To undo it, cancel it while the cancel window is open."
    ),
    Code.ALREADY_DECIDED: _(
        "This approval step has already been decided. Reload the page to see the result."
    ),
    Code.ALREADY_PAID: _("This has already been paid. Nothing more needs to be paid."),
    Code.ALREADY_CORRECTED: _(
        "This document has already been replaced by a corrected one. Correct the newest document instead."
    ),
    Code.ALREADY_BILLED_DIRECTLY: _("This part has already been billed directly to the contract holder."),
    Code.ORDER_EXPIRED: _("This order has expired. Please place a new order."),
    Code.CONTRACT_ENDED: _("This contract has ended. Please sign a new contract."),
    Code.QUOTE_EXPIRED: _("This quote is no longer valid. Please ask for a new quote."),
    Code.LINK_EXPIRED: _(
        "This link has expired. Please use the newest link that was mailed to you, or ask for a new one."
    ),
    Code.BILL_FINAL: _(
        "The amount of this bill is final, so its payment method can no longer be changed."
        " The change can be made for later bills."
    ),
    Code.CUSTOMER_BLOCKED: _(
        "This is not possible while invoices are overdue. Please pay the overdue invoices first."
    ),
    Code.AWAITING_APPROVAL: _("This order still waits for approval. Ask its approvers to decide first."),
    Code.NOT_YOUR_TURN: _(
        "Another approver has to decide before you. You will get a mail when it is your turn."
    ),
    Code.CANCEL_WINDOW_CLOSED: _("The period for cancelling has ended. It can no longer be cancelled."),
    Code.NOT_CANCELLABLE: _("This cannot be cancelled. If something is wrong, please contact us."),
    Code.NOT_CORRECTABLE: _("This document cannot be corrected."),
    Code.NOTHING_CHANGED: _(
        "Nothing was changed, so there is nothing to correct. Change what is wrong first."
    ),
    Code.DISCONTINUED: _("This product is no longer sold. Please choose another product."),
    Code.NOT_REORDERABLE: _(
        "An order from an individual quote cannot be repeated. Please ask for a new quote."
    ),
    Code.INQUIRY_REQUIRED: _(
        "This product needs an inquiry before it can be ordered. Please send an inquiry."
    ),
    Code.RESALE_NOT_ALLOWED: _("This product may not be resold. Please order it for your own use only."),
    Code.ADDRESS_NOT_REGISTERED: _(
        "This address is not in your company's address book. Please register the address first."
    ),
    Code.UPLOAD_REFUSED: _("This file cannot be accepted. Please upload an .xlsx or .pdf file."),
    Code.DIRECT_BILLING_NOT_DUE: _(
        "The contract holder can be billed directly only after the partner has missed the due date."
    ),
    Code.NOT_ON_PAPER: _(
        "Return invoices and quotes are not sent on paper. Please use the link in the mail, or the PDF."
    ),
    Code.METHOD_NOT_OFFERED: _("This payment method is not offered. Please choose another one."),
    Code.LATER_PAYMENT_NOT_ALLOWED: _(
        "Payment after closing has not been allowed for this customer."
        " Please choose another payment method, or ask us to allow it."
    ),
    Code.CARD_NEEDS_AUTHORITY: _(
        "Only a holder of ordering authority, or a member exempt from approval, may pay by card."
        " Please choose another payment method."
    ),
    Code.MONTH_NOT_OVER: _("This month is not over yet. Please close it after its last day has passed."),
    Code.DELIVERY_DATE_NOT_ALLOWED: _(
        "A delivery date may lie up to 31 days back, not before the order and not in the future."
        " Please correct the date."
    ),
    Code.IMPORT_REJECTED: _(
        "The file was not imported and nothing was stored."
        " Please correct the lines named and import it again."
    ),
    Code.TOO_MANY_DOCUMENTS: _(
        "The search has found more than 10,000 documents, too many for one export."
        " Narrow it, for example to a month, and export the rest after it."
    ),
    Code.INVALID_INPUT: _("Some of what was entered is not valid. Please correct it and try again."),
    Code.INVALID_AMOUNT: _("This is not an amount in yen. Please enter a whole number such as 12,345."),
    Code.INVALID_DATE: _("This is not a date that can be used. Please enter a date such as 2026-11-30."),
    Code.INVALID_DAY_RULE: _(
        "This is not a day rule. Write 1 to 28, last, or bd3 for the third bank business day."
        " Add + to move a bank holiday to the next bank business day, and @1 for the following month."
    ),
    Code.INVALID_POLICY: _("The billing policy is not valid. Please correct the fields named."),
    Code.INVALID_PLAYBOOK: _("This is no story that can be played. Please correct the places named."),
    Code.NO_TAX_RATE: _(
        "There is no such tax rate on this day. Please correct the date or the tax category."
    ),
    Code.NOT_CONFORMING: _(
        "This document lacks something that it must state, so it was not issued."
        " Please complete the data named and try again."
    ),
    Code.SEAL_FILE_TOO_LARGE: _("This file is too large for a certificate. Please upload a PKCS#12 file."),
    Code.SEAL_FILE_NOT_READABLE: _("This is no PKCS#12 file. Please upload the .p12 or .pfx file."),
    Code.SEAL_PASSWORD_WRONG: _("The file does not open with this password. Please enter it again."),
    Code.SEAL_WITHOUT_KEY: _(
        "The file lacks the certificate or its private key. Please export both into one PKCS#12 file."
    ),
    Code.SEAL_KEY_NOT_SUPPORTED: _(
        "This kind of key is not supported. Please use RSA from 2048 bits on, or EC P-256, P-384 or P-521."
    ),
    Code.SEAL_NOT_FOR_SIGNING: _("This certificate is not meant for signatures. Please use another."),
    Code.SEAL_EXPIRED: _("This certificate is not valid today. Please upload one that is."),
    Code.SEAL_NOT_CONFIGURED: _(
        "Certificates cannot be stored safely yet. Please ask who runs this service to set ESEAL_KEYS."
    ),
    Code.IMAGE_NOT_ACCEPTED: _("This file is no image that can be read. Please upload a PNG or JPEG file."),
    Code.IMAGE_TOO_LARGE: _(
        "This image is too large. Please upload one of at most 500 kB and 10 million pixels."
    ),
    Code.IMAGE_TOO_SMALL: _("This image is too small to be printed sharply. Please upload a larger one."),
    Code.IMAGE_NOT_VISIBLE: _(
        "Nothing of this image would be seen on white paper. Please upload one in a darker colour."
    ),
    Code.COLOUR_TOO_LIGHT: _("This colour is too light to be read on white. Please choose a darker one."),
    Code.NOT_SUPPORTED_YET: _("This is not supported yet."),
    Code.CARD_BRAND_NOT_ACCEPTED: _(
        "This card brand is not accepted. Please use Visa, Mastercard, JCB, American Express or Diners."
    ),
    Code.CARD_PREPAID: _("Prepaid cards are not accepted. Please use a credit or debit card."),
    Code.CARD_DECLINED: _("The card company refused this card. Please use another card."),
    Code.CREDIT_LIMIT_EXCEEDED: _(
        "This order would exceed the credit limit."
        " Please pay open invoices first, choose another payment method, or ask us to raise the limit."
    ),
    Code.INSUFFICIENT_DEPOSIT: _(
        "The deposit does not cover this. Please transfer the missing sum or choose another payment method."
    ),
    Code.NOT_PAID: _("This has not been paid yet. Deliver it after the payment has arrived."),
    Code.REFUND_NAME_MISMATCH: _(
        "A deposit is paid out only to an account in the name from which the money came."
        " Please enter an account in that name."
    ),
    Code.PAYOUT_TOO_SMALL: _("The sum does not exceed the transfer fee. Please ask for a larger sum."),
    Code.NOTHING_TO_PAY_OUT: _("No pay-out is due by this day. There is nothing to write into a file."),
    Code.NOTHING_TO_EXPORT: _("Nothing was booked in this month. Please choose another."),
    Code.JOURNAL_ACCOUNT_MISSING: _("An account has no name in this accounting program. Please enter one."),
    Code.NOTHING_TO_DEBIT: _("There is no direct debit that waits for a result."),
    Code.CARD_PROVIDER_AWAY: _(
        "The card company's service does not answer at the moment. Please try again in a few minutes."
    ),
}


class Refusal(Exception):  # noqa: N818 — the word of the rules
    """The product refuses an act; nothing was changed.

    `code` is stable and for programs. `message` is for the person and translated when it is read. `details`
    are figures for programs (JSON values); the message may name them:
    `Refusal(Code.NOT_PAID, _("%(missing)s yen are missing."), missing=500)`.
    In such a message a percent sign is written twice.
    """

    def __init__(self, code: Code, message: Text | None = None, /, **details: Any) -> None:
        super().__init__(code, message)
        self.code = code
        self.details = details
        self._message: Text = message or MESSAGES[code]

    @property
    def message(self) -> str:
        text = str(self._message)
        return text % self.details if self.details else text

    def __str__(self) -> str:
        return self.message

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code.value!r}, {self.details!r})"


class InvalidValue(Refusal, ValueError):  # noqa: N818
    """A value that a person or program gave cannot be read. A `ValueError` as well, for forms and parsers."""

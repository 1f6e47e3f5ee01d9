"""The words in which a billing policy chooses. Values are the codes of the data and of playbooks."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PaymentMethod(TextChoices):
    """How a customer pays (A1, H1, E2)."""

    CARD = "card", _("card")
    DEPOSIT = "deposit", _("deposit")
    ADVANCE_TRANSFER = "advance_transfer", _("bank transfer in advance")
    LATER_TRANSFER = "later_transfer", _("bank transfer after closing")
    TRANSFER_OR_KONBINI = "transfer_or_konbini", _("bank transfer or convenience store")
    DIRECT_DEBIT = "direct_debit", _("direct debit")
    PAYMENT_LINK = "payment_link", _("payment link")
    TRANSFER = "transfer", _("bank transfer")


class PriceEntry(TextChoices):
    """Whether the tenant's prices contain the tax."""

    TAX_EXCLUSIVE = "tax_exclusive", _("without tax")
    TAX_INCLUSIVE = "tax_inclusive", _("with tax")


class TaxCategory(TextChoices):
    """Consumption tax categories; the rates are in `invoices.tax`."""

    STANDARD = "standard", _("standard rate")
    REDUCED = "reduced", _("reduced rate")
    ZERO = "zero", _("zero rate (export)")
    EXEMPT = "exempt", _("exempt")
    OUT_OF_SCOPE = "out_of_scope", _("out of scope")


class QualifiedDocument(TextChoices):
    """The document that serves as the qualified invoice (A6, S12)."""

    DELIVERY_NOTE = "delivery_note", _("delivery note")
    INVOICE = "invoice", _("invoice")


class RefundTo(TextChoices):
    """Where the money of a cancelled sale goes (A14–A17)."""

    CARD = "card", _("back to the card")
    DEPOSIT = "deposit", _("to the deposit")
    NEXT_BILL = "next_bill", _("to the next bill")


class Step(TextChoices):
    """What dunning does (A12, H8), from mild to severe."""

    REMINDER = "reminder", _("reminder by mail")
    NO_NEW_ORDERS = "no_new_orders", _("no new orders")
    LATER_PAYMENT_WITHDRAWN = "later_payment_withdrawn", _("payment after closing withdrawn")
    SUSPENDED = "suspended", _("service suspended")
    REVOKED = "revoked", _("certificates revoked")
    TERMINATED = "terminated", _("contract terminated")


class Renewal(TextChoices):
    """What happens to a contract at the end of its term (H2, S18)."""

    AUTOMATIC = "automatic", _("renews by itself")
    NONE = "none", _("ends")


class Overage(TextChoices):
    """What use beyond the contracted range costs (C3, C4)."""

    EXCESS_UNITS = "excess_units", _("the excess units")
    RANGE_DIFFERENCE = "range_difference", _("the difference between the ranges")


class FirstBill(TextChoices):
    """The month of a contract's first bill (C5)."""

    START_MONTH = "start_month", _("the month in which the contract starts")
    NEXT_MONTH = "next_month", _("the month after the start")


class RenewAt(TextChoices):
    """The quantity at which a contract renews (C5)."""

    CONTRACTED = "contracted", _("the contracted quantity")
    ACTUAL = "actual", _("the quantity last used")


class ChargeDated(TextChoices):
    """The transaction date of a charge."""

    DELIVERY = "delivery", _("day of delivery")
    TERM_START = "term_start", _("first day of the term")
    METER_DAY = "meter_day", _("day of the meter reading")
    DELIVERY_OR_TERM_START = "delivery_or_term_start", _("day of delivery, or first day of the term")
    TERM_START_OR_EXCESS_MONTH = "term_start_or_excess_month", _("first day of the term, or month of excess")

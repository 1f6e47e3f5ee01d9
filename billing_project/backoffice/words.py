"""What codes of acts, mails and jobs are called on operators' screens; an unknown code stands as it is."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing_project.errors import Text

ACTIONS: dict[str, Text] = {
    "bad_debt_recovered": _("Bad debt recovered"),
    "bank_account_added": _("Bank account added"),
    "bank_account_changed": _("Bank account changed"),
    "certificates_revoked": _("Certificates revoked"),
    "contact_changed": _("Accounting contact changed"),
    "credit_limit_changed": _("Credit limit changed"),
    "customer_created": _("Customer made"),
    "document_link_revoked": _("Document link revoked"),
    "document_mailed_again": _("Document mailed again"),
    "document_written_off": _("Document written off"),
    "documents_exported": _("Documents exported"),
    "documents_issued": _("Documents issued"),
    "dunning_halted": _("Dunning halted"),
    "dunning_resumed": _("Dunning resumed"),
    "dunning_steps_lifted": _("Dunning steps lifted"),
    "dunning_steps_taken": _("Dunning steps taken"),
    "invitation_accepted": _("Invitation accepted"),
    "issuer_changed": _("Issuer changed"),
    "jobs_asked_for": _("Due jobs asked for"),
    "later_payment_allowed": _("Later payment allowed"),
    "later_payment_withdrawn": _("Later payment withdrawn"),
    "list_exported": _("List exported"),
    "mail_address_changed": _("Mail address changed"),
    "mail_retried": _("Mail sent once more"),
    "member_added": _("Member added"),
    "member_invited_again": _("Member invited again"),
    "member_removed": _("Member removed"),
    "member_roles_changed": _("Roles changed"),
    "month_asked_for": _("Closing asked for"),
    "operator_added": _("Operator added"),
    "operator_deactivated": _("Operator deactivated"),
    "operator_role_changed": _("Operator's role changed"),
    "order_cancelled": _("Order cancelled"),
    "order_delivered": _("Order delivered"),
    "order_expired": _("Order expired"),
    "order_placed": _("Order placed"),
    "password_changed": _("Password changed"),
    "password_reset": _("Password reset"),
    "password_set": _("Password set"),
    "payer_name_added": _("Payer name added"),
    "period_closed": _("Period closed"),
    "policy_changed": _("Policy changed"),
    "product_changed": _("Product changed"),
    "product_created": _("Product made"),
    "quote_asked_for": _("Quote asked for"),
    "quote_link_revoked": _("Quote link revoked"),
    "quote_made": _("Quote made"),
    "quote_mailed_again": _("Quote mailed again"),
    "quote_request_declined": _("Quote request declined"),
    "sales_imported": _("Sales imported"),
    "sales_uploaded": _("Sales file uploaded"),
    "second_factor_added": _("Second factor added"),
    "second_factor_failed": _("Second factor failed"),
    "second_factor_removed": _("Second factor removed"),
    "second_factor_reset": _("Second factor reset"),
    "sign_in_failed": _("Sign-in failed"),
    "signed_in": _("Signed in"),
    "signed_out": _("Signed out"),
    "tenant_created": _("Tenant made"),
    "transfer_received": _("Transfer received"),
    "upload_discarded": _("Sales file discarded"),
}
MAILS: dict[str, Text] = {
    "cancel_window_ends": _("Cancel window ends"),
    "document_issued": _("Document issued"),
    "dunning": _("Dunning"),
    "member_invited": _("Invitation"),
    "order_accepted": _("Order accepted"),
    "order_cancelled": _("Order cancelled"),
    "order_expired": _("Order expired"),
    "order_expiring": _("Order about to expire"),
    "quote_made": _("Quote made"),
}
MAIL_STATES: dict[str, Text] = {
    "waiting": pgettext_lazy("state of a mail", "Waiting"),
    "sending": pgettext_lazy("state of a mail", "Being sent"),
    "sent": pgettext_lazy("state of a mail", "Sent"),
    "failed": pgettext_lazy("state of a mail", "Failed"),
}
JOBS: dict[str, Text] = {
    "cancellations.window_reminders": _("Reminders of cancel windows"),
    "invoices.close": _("Closing"),
    "invoices.issue": _("Issue of documents"),
    "orders.expire": _("Expiry of orders"),
    "payments.dunning": _("Dunning"),
    "orders.expiry_warnings": _("Warnings before expiry"),
}
RESULTS: dict[str, Text] = {
    "closed": _("Closed"),
    "documents": _("document count"),
    "expired": _("expired"),
    "mails": _("mails"),
    "orders": _("orders"),
    "steps": _("steps"),
    "total": _("total (yen)"),
    "warned": _("warned"),
}
OF_UNFOLD = (
    _("Apply Filters"),
    _("Dark"),
    _("Date from"),
    _("Date to"),
    _("False"),
    _("Filter navigation items"),
    _("From"),
    _("General"),
    _("Light"),
    _("Loading more results..."),
    _("More actions"),
    _("Next"),
    _("No data"),
    _("No results found"),
    _("No results matching your query"),
    _("Previous"),
    _("Reset filters"),
    _("Search apps and models..."),
    _("Select value"),
    _("System"),
    _("This page yielded into no results. Create a new item or reset your filters."),
    _("To"),
    _("True"),
    _("Type to search"),
)
"""Texts of django-unfold for which it brings no Japanese."""


def word(words: Mapping[str, Text], code: str) -> str:
    return str(words.get(code, code))

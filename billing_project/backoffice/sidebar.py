"""The navigation of the operators' admin: which pages it has, in which order."""

from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

BENCH = "playbooks_storyrun_changelist"


def _page(title: Any, icon: str, url_name: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "url_name": f"admin:{url_name}"}


def _group(title: Any, *pages: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "items": list(pages)}


NAVIGATION: list[dict[str, Any]] = [
    _group("", _page(_("Dashboard"), "dashboard", "index"), _page(_("Needs a person"), "inbox", "inbox")),
    _group(
        _("Sales"),
        _page(pgettext_lazy("admin", "Orders"), "shopping_cart", "orders_order_changelist"),
        _page(_("Quotes"), "request_quote", "orders_quote_changelist"),
        _page(_("Quote requests"), "contact_mail", "orders_quoterequest_changelist"),
        _page(_("Import of sales"), "upload_file", "orders_salesupload_changelist"),
        _page(_("Products"), "inventory_2", "orders_product_changelist"),
    ),
    _group(
        _("Billing"),
        _page(_("Closings"), "event_available", "invoices_closing_changelist"),
        _page(_("Documents"), "description", "invoices_document_changelist"),
        _page(_("Exports"), "folder_zip", "invoices_documentexport_changelist"),
        _page(_("Print queue"), "print", "invoices_paperrequest_changelist"),
        _page(_("Payments"), "payments", "payments_payment_changelist"),
        _page(_("Bank desk"), "move_to_inbox", "payments_payment_desk"),
        _page(_("Bank files"), "account_balance_wallet", "payments_bankfile_changelist"),
        _page(_("Pay-outs"), "outbound", "payments_payout_changelist"),
        _page(_("Pay-out files"), "draft", "payments_payoutfile_changelist"),
        _page(_("Deposit reports"), "savings", "payments_depositreport_changelist"),
        _page(_("Card payments"), "credit_card", "payments_cardpayment_changelist"),
        _page(_("Card refunds"), "undo", "payments_cardrefund_changelist"),
        _page(_("Card settlements"), "account_balance_wallet", "payments_cardsettlement_changelist"),
        _page(_("Dunning"), "notification_important", "payments_dunningcase_changelist"),
    ),
    _group(
        _("Accounting"),
        _page(_("Ledger"), "account_balance", "ledger_entry_changelist"),
        _page(_("Receivables by age"), "hourglass_bottom", "ledger_entry_report-ages"),
        _page(_("Sales and tax"), "percent", "ledger_entry_report-sales"),
        _page(_("Billed and paid"), "balance", "ledger_entry_report-paid"),
        _page(_("Deposits"), "savings", "ledger_entry_report-deposits"),
        _page(_("Journal files"), "export_notes", "ledger_journalexport_changelist"),
    ),
    _group(
        _("Customers"),
        _page(_("Customers"), "apartment", "accounts_customer_changelist"),
        _page(_("Members"), "group", "accounts_member_changelist"),
        _page(_("Cards"), "credit_card", "payments_card_changelist"),
    ),
    _group(
        _("Work done"),
        _page(_("Mails"), "mail", "outbox_mail_changelist"),
        _page(_("Jobs"), "schedule", "jobs_job_changelist"),
        _page(_("Acts on many rows"), "done_all", "bulk_bulkrun_changelist"),
        _page(_("Card provider's events"), "webhook", "payments_gatewayevent_changelist"),
        _page(_("Audit log"), "history", "audit_auditentry_changelist"),
    ),
    _group(
        _("Settings"),
        _page(_("Billing policy"), "tune", "accounts_policyversion_changelist"),
        _page(_("Issuer"), "domain", "accounts_issuer_changelist"),
        _page(_("Bank accounts"), "account_balance_wallet", "accounts_bankaccount_changelist"),
        _page(_("Sender of pay-outs"), "send_money", "payments_payoutsender_changelist"),
        _page(_("Columns of banks' CSV"), "view_column", "payments_bankcsvmapping_changelist"),
        _page(_("Accounts in the journal"), "translate", "ledger_journalmapping_changelist"),
        _page(_("Operators"), "badge", "accounts_operator_changelist"),
        _page(_("Playbook bench"), "experiment", BENCH),
    ),
]


@cache
def _links() -> dict[str, str]:
    """The addresses of the pages, worked out once: they are the same for every tenant and language."""
    pages = [page for group in NAVIGATION for page in group["items"]]
    return {page["url_name"]: reverse(page["url_name"], urlconf=settings.ROOT_URLCONF) for page in pages}


def sidebar(path: str) -> SafeString:
    """The navigation as HTML, for the page at this path; written once: it says nothing of tenant or user."""
    return _written(get_language() or settings.LANGUAGE_CODE, _current(path), bool(settings.PLAYBOOK_BENCH))


@lru_cache(maxsize=256)
def _written(_language: str, current: str, with_bench: bool) -> SafeString:
    links = _links()
    groups = [
        {
            "title": group["title"],
            "items": [
                {**page, "link": links[page["url_name"]], "is_current": page["url_name"] == current}
                for page in group["items"]
                if with_bench or page["url_name"] != f"admin:{BENCH}"
            ],
        }
        for group in NAVIGATION
    ]
    return render_to_string("admin/sidebar.html", {"groups": groups})


def _current(path: str) -> str:
    """The one entry the page belongs to: a report lies below the ledger, yet is an entry of its own."""
    links = _links()
    index = links["admin:index"]
    above = [
        name for name, link in links.items() if path == link or (link != index and path.startswith(link))
    ]
    return max(above, key=lambda name: len(links[name]), default="")

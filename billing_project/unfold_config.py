"""How the operators' admin (django-unfold) is named and ordered."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def tenant_name(request: HttpRequest) -> str:
    """The seller whose admin this is, so that nobody works at the wrong one."""
    tenant = getattr(request, "tenant", None)
    return tenant.name if tenant is not None else "Shimebi"


def _page(title: Any, icon: str, url_name: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "url_name": f"admin:{url_name}"}


def _always(_request: HttpRequest) -> bool:
    return True


def _bench_is_on(_request: HttpRequest) -> bool:
    return bool(settings.PLAYBOOK_BENCH)


def _group(title: Any, *pages: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "separator": True, "items": list(pages)}


NAVIGATION: list[dict[str, Any]] = [
    {"items": [_page(_("Dashboard"), "dashboard", "index"), _page(_("Needs a person"), "inbox", "inbox")]},
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
        {
            **_page(_("Playbook bench"), "experiment", "playbooks_storyrun_changelist"),
            "permission": _bench_is_on,
        },
    ),
]


@cache
def _links() -> dict[str, str]:
    """The addresses of the sidebar, worked out once: they are the same for every tenant and language."""
    pages = [page for group in NAVIGATION for page in group["items"]]
    return {page["url_name"]: reverse(page["url_name"], urlconf=settings.ROOT_URLCONF) for page in pages}


# What unfold's templates ask for; finding nothing in a template is dear.
_GROUP: dict[str, Any] = {"title": "", "separator": False, "collapsible": False, "badge": None}
_ENTRY: dict[str, Any] = {"link_callback": None, "badge": None}


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """The navigation as unfold's templates want it, for this page."""
    links, current = _links(), _current(request.path)
    return [
        {
            **_GROUP,
            **group,
            "items": [
                {
                    **_ENTRY,
                    **page,
                    "link": links[page["url_name"]],
                    "active": page["url_name"] == current,
                    "has_permission": page.get("permission", _always)(request),
                }
                for page in group["items"]
            ],
        }
        for group in NAVIGATION
    ]


def _current(path: str) -> str:
    """The one entry the page belongs to: a report lies below the ledger, yet is an entry of its own."""
    links = _links()
    index = links["admin:index"]
    above = [
        name for name, link in links.items() if path == link or (link != index and path.startswith(link))
    ]
    return max(above, key=lambda name: len(links[name]), default="")


_INDIGO = {
    "50": "#eef2fa",
    "100": "#dde5f4",
    "200": "#bccbe8",
    "300": "#92a9d6",
    "400": "#6683bf",
    "500": "#4464a8",
    "600": "#2f4d8f",
    "700": "#264076",
    "800": "#20355f",
    "900": "#1b2c4d",
    "950": "#111b31",
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Shimebi",
    "SITE_HEADER": tenant_name,
    "SITE_SUBHEADER": "Shimebi 締め日",
    "SITE_SYMBOL": "receipt_long",
    "SITE_URL": None,
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda _request: static("img/logo.svg")},
    ],
    "SHOW_LANGUAGES": True,
    "SHOW_BACK_BUTTON": False,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_HISTORY": False,
    "DASHBOARD_CALLBACK": "billing_project.backoffice.dashboard.on_dashboard",
    "STYLES": [lambda _request: static("admin-pages/operators.css")],
    "SCRIPTS": [lambda _request: static("build/operators.js")],
    "COLORS": {"primary": _INDIGO},
    "ACCOUNT": {"navigation": [{"title": _("Change password"), "link": "/accounts/password/change/"}]},
    "SIDEBAR": {"show_search": True},
}

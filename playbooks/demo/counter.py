"""What customers and strangers have asked for lately: orders in each state, quotes, requests."""

from __future__ import annotations

from datetime import timedelta

from accounts.models import Customer, Member
from accounts.services import invite_member
from accounts.services.api_keys import create_api_key
from billing_project import clock
from billing_project.tenancy.lookup import current_tenant
from cancellations.services import cancel
from invoices.models import Document
from invoices.services.paper import ask_for_paper
from orders.models import Order, Product
from orders.quote_rules import QuotedLine
from orders.services import OrderedLine, deliver, place_order
from orders.services.quotes import Asking, ask_for_quote, decline_request, make_quote


def orders_and_quotes(customer: Customer, member: Member) -> None:
    """Open, delivered, cancelled and nearly expired orders; quotes of both sides, requests of strangers."""
    _place(customer, member, ("DV-1Y", 2))
    _place(customer, member, ("WC-1Y", 1), days_ago=27)
    deliver(
        order=_place(customer, member, ("OV-1Y", 1), ("DV-1Y", 3), days_ago=4),
        on=clock.today(current_tenant().zone) - timedelta(days=2),
    )
    sent_back = _place(customer, member, ("DV-1Y", 1))
    cancel(order=deliver(order=sent_back), member=member)
    make_quote(customer=customer, member=member, lines=[QuotedLine("OV-1Y", 5)])
    make_quote(
        customer=customer,
        lines=[QuotedLine("EV-1Y", 10, 118_000), QuotedLine("DV-1Y", 20, 27_000)],
        by_operator=True,
        note="年間契約にともなう特別価格です。",
    )
    _requests()
    create_api_key(member=member, name="社内購買システム")
    invite_member(customer=customer, email="shonin@example.com", name="承認 次郎", roles=["requester"])
    newest = (
        Document.objects.filter(customer=customer).exclude(kind="return_invoice").latest("issued_on", "pk")
    )
    ask_for_paper(document=newest)


def _place(customer: Customer, member: Member, *wanted: tuple[str, int], days_ago: int = 0) -> Order:
    lines = [OrderedLine(sku, quantity) for sku, quantity in wanted]
    with clock.frozen(clock.now() - timedelta(days=days_ago)):
        return place_order(customer=customer, member=member, lines=lines)


def _requests() -> None:
    wanted = (
        ("株式会社新規開拓", "山田 太郎", "yamada@example.com", "EV-1Y", 30, "来年度の予算のため"),
        ("合同会社はじめて", "田中 花子", "tanaka@example.com", "DV-1Y", 2, ""),
        ("有限会社いたずら", "名無し", "nanashi@example.com", "WC-1Y", 999, ""),
    )
    products = {product.sku: product for product in Product.objects.all()}
    for company, name, email, sku, quantity, comment in wanted:
        asking = Asking(company, name, email, comment=comment)
        asked = ask_for_quote(product=products[sku], quantity=quantity, asking=asking)
    decline_request(request=asked, reason="お取引の実在を確認できませんでした。")

"""When something goes wrong: it is said what happened and what to do, and nothing is done twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from accounts.models import Role
from billing_project.tenancy.context import tenant_context
from cancellations.services import cancel
from ledger.verification import verify
from orders.models import LineState, Order
from orders.views import home
from payments.models import Payment, Payout
from tests.browser.conftest import DESKTOP, PHONE, Site
from tests.browser.counter import Counter, fill_payout, fill_transfer, make_counter
from tests.browser.people import browsing, enter
from tests.browser.test_flows import fits
from tests.web.world import PASSWORD, make_world

pytestmark = pytest.mark.browser


@pytest.fixture
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """As wide as the test says, else a phone."""
    with browsing(chromium, viewport=getattr(request, "param", PHONE)) as page:
        page.set_default_timeout(10_000)
        yield page


@pytest.fixture
def counter(database: None) -> Iterator[Counter]:
    counter = make_counter()
    yield counter
    with tenant_context(counter.tenant):
        assert verify() == []


def ready_to_order(page: Page, url: Callable[[str], str], _counter: Counter) -> None:
    page.goto(url("/orders/new/"))
    page.get_by_label("ドメイン認証SSL 1年").fill("1")
    page.get_by_role("button", name="確認へ進む").click()
    page.get_by_label("間違いありません").check()


def ready_to_cancel(page: Page, url: Callable[[str], str], counter: Counter) -> None:
    page.goto(url(f"/orders/{counter.order.public_id}/lines/1/cancel/"))
    page.get_by_label("元に戻せないことを確認しました").check()


def ready_for_payout(page: Page, url: Callable[[str], str], _counter: Counter) -> None:
    page.goto(url("/deposit/payouts/new/"))
    fill_payout(page)


def ready_to_deliver(page: Page, url: Callable[[str], str], counter: Counter) -> None:
    page.goto(url(f"/admin/orders/order/{counter.order.pk}/deliver/"))


def ready_to_order_for(page: Page, url: Callable[[str], str], counter: Counter) -> None:
    page.goto(url(f"/admin/accounts/customer/{counter.customer.pk}/order/"))
    page.get_by_label("DV-1Y").fill("1")


def ready_to_record(page: Page, url: Callable[[str], str], _counter: Counter) -> None:
    page.goto(url("/admin/payments/payment/record/"))
    fill_transfer(page)


@dataclass(frozen=True)
class Deed:
    """`ready` leads up to the last press of `button`; `rows` says how often it has been done."""

    ready: Callable[[Page, Callable[[str], str], Counter], None]
    button: str | re.Pattern[str]
    rows: Callable[[Counter], int]
    in_admin: bool = False

    def begin(self, page: Page, site: Site, counter: Counter) -> None:
        enter(page.context, site, counter.tenant, counter.operator if self.in_admin else counter.buyer)
        self.ready(page, lambda path: site.url(counter.tenant.slug, path), counter)
        page.wait_for_load_state("networkidle")

    def press(self, page: Page, **options: Any) -> None:
        page.locator("main").get_by_role("button", name=self.button).click(**options)


DEEDS = {
    "order": Deed(ready_to_order, re.compile("注文を確定する"), lambda counter: counter.count(Order) - 1),
    "cancel": Deed(
        ready_to_cancel, "キャンセルする", lambda counter: int(counter.line() == LineState.CANCELLED)
    ),
    "payout": Deed(ready_for_payout, "払い戻しを申し込む", lambda counter: counter.count(Payout)),
    "deliver": Deed(
        ready_to_deliver, "納品を記録", lambda counter: int(counter.line() == LineState.DELIVERED), True
    ),
    "order for": Deed(ready_to_order_for, "代理で注文", lambda counter: counter.count(Order) - 1, True),
    "record": Deed(ready_to_record, "記帳する", lambda counter: counter.count(Payment, amount=7_700), True),
}
each_deed = pytest.mark.parametrize(
    ("deed", "page"),
    [(deed, DESKTOP if deed.in_admin else PHONE) for deed in DEEDS.values()],
    indirect=["page"],
    ids=DEEDS,
)
"""Customers hold a phone, operators sit at a desk."""
UNHEARD = """async button => {
    const body = new URLSearchParams(new FormData(button.form));
    await fetch(button.form.action, { method: "POST", body });
}"""
TEXT = "main form input:is([type=text], [type=number], [type=date])"
TYPED = "all => all.map(each => [each.name, each.value])"
BOTH_AT_ONCE = """button => {
    const form = button.form, body = new URLSearchParams(new FormData(form));
    const send = () => fetch(form.action, { method: "POST", body }).then(answer => answer.status);
    return Promise.all([send(), send()]);
}"""


@each_deed
def test_two_presses_send_a_form_once(page: Page, site: Site, counter: Counter, deed: Deed) -> None:
    deed.begin(page, site, counter)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    deed.press(page, click_count=2)
    page.wait_for_load_state("networkidle")
    assert len(sent) == 1
    assert deed.rows(counter) == 1


@each_deed
def test_a_form_that_arrives_twice_at_once_is_carried_out_once(
    page: Page, site: Site, counter: Counter, deed: Deed
) -> None:
    deed.begin(page, site, counter)
    button = page.locator("main").get_by_role("button", name=deed.button)
    assert all(status < 500 for status in button.evaluate(BOTH_AT_ONCE))
    assert deed.rows(counter) == 1


@each_deed
def test_going_back_and_sending_again_does_nothing_twice(
    page: Page, site: Site, counter: Counter, deed: Deed
) -> None:
    deed.begin(page, site, counter)
    form, typed = page.url, page.locator(TEXT).evaluate_all(TYPED)
    deed.press(page)
    page.wait_for_load_state("networkidle")
    before = counter.count(Payment), counter.count(Order), counter.count(Payout)
    page.go_back(wait_until="networkidle")
    button = page.locator("main").get_by_role("button", name=deed.button)
    if button.count() and page.url == form:
        for name, text in typed:
            page.locator(f"main [name={name}]").fill(text)
        for box in page.locator("main input[type=checkbox][required]").all():
            box.check()
        button.click()
        page.wait_for_load_state("networkidle")
    expect(page.locator("h1").first).to_be_visible()
    assert (counter.count(Payment), counter.count(Order), counter.count(Payout)) == before
    assert deed.rows(counter) == 1
    assert fits(page)


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_without_a_connection_nothing_is_sent_and_it_can_be_tried_again(
    page: Page, site: Site, counter: Counter, deed: Deed
) -> None:
    deed.begin(page, site, counter)
    page.context.set_offline(True)
    deed.press(page)
    again = page.get_by_role("button", name="もう一度試す")
    expect(again).to_be_visible()
    expect(page.get_by_text("接続").first).to_be_visible()
    assert fits(page)
    assert deed.rows(counter) == 0
    page.context.set_offline(False)
    again.click()
    page.wait_for_load_state("networkidle")
    expect(page.locator("h1").first).to_be_visible()
    assert deed.rows(counter) == 1


@each_deed
def test_an_answer_that_is_lost_on_its_way_is_no_second_time(
    page: Page, site: Site, counter: Counter, deed: Deed
) -> None:
    """The server has done it, the browser has not heard; the person sends the same form again."""
    deed.begin(page, site, counter)
    page.locator("main").get_by_role("button", name=deed.button).evaluate(UNHEARD)
    assert deed.rows(counter) == 1
    deed.press(page)
    page.wait_for_load_state("networkidle")
    expect(page.locator("h1").first).to_be_visible()
    assert deed.rows(counter) == 1


def test_signed_out_while_the_form_was_open(page: Page, site: Site, counter: Counter) -> None:
    deed = DEEDS["cancel"]
    deed.begin(page, site, counter)
    page.context.clear_cookies(name="sessionid")
    deed.press(page)
    page.locator("input[name=login]").fill(counter.buyer.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/resume/")
    assert deed.rows(counter) == 0
    assert fits(page)
    page.locator("main form .btn-primary").click()
    expect(page.locator(".cell-state").first).to_have_text("キャンセル済み")
    assert deed.rows(counter) == 1


@pytest.mark.parametrize(
    ("name", "page"), [("cancel", PHONE), ("deliver", DESKTOP)], indirect=["page"], ids=["cancel", "deliver"]
)
def test_a_page_that_is_no_longer_true(name: str, page: Page, site: Site, counter: Counter) -> None:
    """The line was cancelled elsewhere meanwhile."""
    deed = DEEDS[name]
    deed.begin(page, site, counter)
    with tenant_context(counter.tenant):
        cancel(order=counter.order, line_position=1)
    deed.press(page)
    expect(page.get_by_text("キャンセル").first).to_be_visible()
    expect(page.get_by_role("alert").or_(page.locator(".error-sheet")).first).to_be_visible()
    assert fits(page)
    assert counter.line() == LineState.CANCELLED


def test_403_and_404_say_what_to_do(page: Page, site: Site) -> None:
    world = make_world()
    enter(page.context, site, world.tenant, world.company.users[Role.REQUESTER])
    for path, status in (("/deposit/", 403), ("/nothing/", 404), ("/admin/", 403), ("/admin/nothing/", 403)):
        answer = page.goto(site.url(world.tenant.slug, path))
        assert answer
        assert answer.status == status, path
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("main").locator("a, button").first).to_be_visible()
        assert fits(page)


def test_500_says_that_nothing_was_half_done(
    page: Page, site: Site, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_request: HttpRequest, *_args: Any, **_kwargs: Any) -> Any:
        raise RuntimeError("broken")

    monkeypatch.setattr(home, "render", broken)
    host = f"{counter.tenant.slug}.localhost"
    client = Client(raise_request_exception=False, headers={"host": host, "accept-language": "ja"})
    client.force_login(counter.buyer)
    session = client.session
    session["tenant_id"] = counter.tenant.pk
    session.save()
    answer = client.get("/")
    assert answer.status_code == 500
    url = site.url(counter.tenant.slug, "/")
    page.route(url, lambda route: route.fulfill(status=500, content_type="text/html", body=answer.content))
    page.goto(url)
    expect(page.get_by_role("heading", name="システムエラーが発生しました")).to_be_visible()
    expect(page.get_by_text("途中まで反映されたデータ")).to_be_visible()
    expect(page.get_by_text(re.compile(r"お問い合わせ用の番号:\s*[0-9a-f]{8}-"))).to_be_visible()
    assert fits(page)

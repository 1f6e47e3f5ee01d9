"""Every line of a request and of a task says which tenant and which request it belongs to."""

from __future__ import annotations

from typing import Any

import pytest

from billing_project.tenancy.context import tenant_context
from invoices.services.links import create_link
from tests.stress.browser import Browser
from tests.stress.conftest import OpenShop
from tests.stress.machinery import Machines, Process, until
from tests.stress.shop import at_noon

pytestmark = pytest.mark.stress


def lines_about(process: Process, name: str) -> list[dict[str, Any]]:
    """JSON lines that bear this name: `request_id` for requests, `task_id` for tasks."""
    return [line for line in process.log() if name in line]


def test_lines_of_requests_and_tasks_name_tenant_and_request(machines: Machines, open_shop: OpenShop) -> None:
    shop = open_shop(customers=1)
    shop.caught_up(at_noon(shop.closes_on))
    with tenant_context(shop.tenant):
        token = create_link(document=shop.documents()[0], email="keiri@example.com")
    worker, website = machines.start_worker(), machines.web()
    browser = Browser(website, shop.tenant)
    worker.says("ready.")
    browser.order("DV-1Y")
    assert browser.get(f"/d/{token}/?lang=en") == 200
    until(lambda: worker.events("task_succeeded"), "the mail is sent")

    requests = lines_about(website.process, "request_id")
    assert {line["tenant"] for line in requests} == {shop.pk}
    finished = {line["request"]: line["request_id"] for line in website.process.events("request_finished")}
    assert list(finished)[:2] == ["POST /orders/new/", "POST /orders/new/confirm/"]
    assert list(finished)[-1] == "GET /d/…/"

    tasks = lines_about(worker, "task_id")
    assert {line["event"] for line in tasks} >= {"task_started", "task_succeeded"}
    assert {(line["tenant"], line["request_id"]) for line in tasks} == {
        (shop.pk, finished["POST /orders/new/confirm/"])
    }
    assert token not in website.process.output.read_text()

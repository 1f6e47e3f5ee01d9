"""The board of operators, their acts, and what members see while something is overdue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.urls import reverse

from accounts.models import OperatorRole, Role
from accounts.services import add_operator
from billing_project import clock
from billing_project.tenancy.context import tenant_context
from payments.models import DunningCase, DunningHalt, WriteOff
from payments.selectors.dunning import steps_in_force
from payments.services import receive_transfer
from payments.services.dunning import take_steps
from tests.acts import at
from tests.admin.world import Office
from tests.factories import make_user
from tests.web.world import make_world

DAY = at("2026-12-20 09:00")


@pytest.fixture
def office() -> Iterator[Office]:
    """Both companies have an invoice of 11-01, due on 11-30."""
    made = _office()
    with clock.frozen(DAY):
        with tenant_context(made.tenant):
            take_steps(date(2026, 12, 20))
        yield made


def _office() -> Office:
    """Operators, and two companies that have paid nothing but 1,000 of the first."""
    world = make_world()
    operators = {role: make_user() for role in OperatorRole.values}
    with clock.frozen(at("2026-11-02 12:00")), tenant_context(world.tenant):
        for role, user in operators.items():
            add_operator(user=user, role=role)
        receive_transfer(
            amount=1000,
            payer_name="ｶ)ｱｸﾒ",
            received_on=date(2026, 11, 2),
            reference="known-1",
            customer=world.company.customer,
        )
    return Office(world, operators)


def act(office: Office, name: str, company: int = 0, role: str = OperatorRole.ADMIN, **fields: str) -> int:
    document = office.world.companies[company].document
    address = reverse(f"admin:invoices_document_{name}", args=[document.pk])
    return office.client(role).post(address, fields).status_code


def test_the_board_says_who_owes_what_and_what_comes(office: Office) -> None:
    page = office.client().get(reverse("admin:payments_dunningcase_changelist"))
    text = page.content.decode()
    assert "株式会社アクメ" in text
    assert "みなと商会" in text
    # 98,765 with 9,876 tax, less 1,000 that the first company transferred.
    assert "107,641" in text
    assert "108,641" in text
    assert "2026-12-30" in text
    assert "&lt;time" not in text


def test_the_board_costs_as_many_questions_for_many_as_for_one(office: Office) -> None:
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    client = office.client()
    address = reverse("admin:payments_dunningcase_changelist")
    client.get(address)
    with CaptureQueriesContext(connections["default"]) as captured:
        client.get(address)
    assert len(captured) < 25


def test_the_boards_csv(office: Office) -> None:
    answer = office.client().get(reverse("admin:payments_dunningcase_changelist"), {"_export": "csv"})
    assert "108641" in answer.getvalue().decode("utf-8-sig")


def test_a_case_shows_its_documents_steps_and_acts(office: Office) -> None:
    case = office.row(DunningCase, customer=office.world.company.customer)
    text = office.client().get(reverse("admin:payments_dunningcase_change", args=[case.pk])).content.decode()
    assert office.world.company.document.number in text
    assert "write-off" in text
    assert "halt-dunning" in text


def test_customer_and_document_pages_show_dunning(office: Office) -> None:
    company = office.world.company
    customer_page = reverse("admin:accounts_customer_change", args=[company.customer.pk])
    assert "107,641" in office.client().get(customer_page).content.decode()
    act(office, "halt-dunning", reason="数量の確認中")
    page = reverse("admin:invoices_document_change", args=[company.document.pk])
    assert "数量の確認中" in office.client().get(page).content.decode()


def test_halt_and_resume(office: Office) -> None:
    customer = office.world.company.customer
    assert act(office, "halt-dunning", reason="") == 422
    assert act(office, "halt-dunning", reason="数量の確認中") == 302
    with tenant_context(office.tenant):
        assert steps_in_force(customer) == []
        assert DunningHalt.objects.get().reason == "数量の確認中"
    question = reverse("admin:invoices_document_resume-dunning", args=[office.world.company.document.pk])
    assert "2026-12-20から停止中:数量の確認中" in office.client().get(question).content.decode()
    assert act(office, "resume-dunning") == 302
    with tenant_context(office.tenant):
        assert DunningHalt.objects.get().resumed_on == date(2026, 12, 20)


def test_write_off(office: Office) -> None:
    assert act(office, "write-off", reason="倒産") == 302
    with tenant_context(office.tenant):
        assert WriteOff.objects.get().amount == 107_641
    assert act(office, "write-off", reason="倒産") == 422  # already paid: the page says so


@pytest.mark.parametrize("name", ["halt-dunning", "resume-dunning", "write-off"])
def test_support_only_reads(office: Office, name: str) -> None:
    assert act(office, name, role=OperatorRole.SUPPORT, reason="x") == 403


def test_the_panel_says_what_is_overdue_blocked_and_how_to_lift_it(office: Office) -> None:
    text = office.as_member().get("/").content.decode()
    for words in (
        "107,641",
        "新しいご注文は受け付けられません",
        "後払いは停止されています",
        "直ちに解除されます",
    ):
        assert words in text
    requester = office.world.client(Role.REQUESTER).get("/").content.decode()
    assert "新しいご注文は受け付けられません" in requester


def test_the_order_form_says_why_nothing_can_be_ordered(office: Office) -> None:
    answer = office.as_member().get(reverse("orders:new"))
    assert "先に期限を過ぎた請求をお支払いください" in answer.content.decode()


def test_without_anything_overdue_there_is_no_notice(office: Office) -> None:
    act(office, "write-off", reason="倒産")
    assert "新しいご注文は受け付けられません" not in office.as_member().get("/").content.decode()


def test_what_was_given_up_is_never_said_to_be_paid(office: Office) -> None:
    """In the panel, behind the link, in the API and in the admin."""
    act(office, "write-off", reason="倒産")
    document, member = office.world.company.document, office.as_member()
    found = member.get("/api/v1/documents/").json()["results"]
    assert [each["standing"] for each in found if each["number"] == document.number] == ["written_off"]
    own = f"/documents/{document.public_id}/"
    for address in ("/documents/?standing=written_off", own, f"/d/{office.world.link}/"):
        assert "貸倒処理" in member.get(address).content.decode(), address
    page = reverse("admin:invoices_document_change", args=[document.pk])
    for address in (page, reverse("admin:invoices_document_changelist")):
        assert "貸倒処理" in office.client().get(address).content.decode(), address
    assert document.number not in member.get("/documents/?standing=paid").content.decode()

"""What operators see and do about cards."""

from __future__ import annotations

from accounts.models import OperatorRole
from billing_project.tenancy.context import tenant_context
from payments.models import CardPayment, CardRefund, CardRefundState, CardSettlement
from payments.services.cards import collect
from payments.services.cards.sweeping import talk
from tests.admin.world import Office
from tests.payments.cards import intended, provider, saved


def test_a_settlement_is_recorded(office: Office) -> None:
    client = office.client(OperatorRole.ADMIN)
    fields = {"amount": "31,812", "fees": "1,188", "on": "2026-11-02", "reference": "po_9"}
    address = "/admin/payments/cardsettlement/record/"
    assert client.post(address, fields).status_code == 302
    with tenant_context(office.tenant):
        settlement = CardSettlement.objects.get(reference="po_9")
        assert (settlement.amount, settlement.fees) == (31_812, 1_188)
    assert "すでに" in client.post(address, {**fields, "amount": "1"}).content.decode()


def test_failed_refunds_and_chargebacks_wait_on_the_first_page(busy: Office) -> None:
    page = busy.client().get("/admin/").content.decode()
    assert "取り消されたカード決済(チャージバック): 1件" in page
    assert "失敗したカード返金" not in page
    with tenant_context(busy.tenant):
        card = saved(busy.world.company.customer)
        payment = collect(intended(card))
    client = busy.client()
    provider().refunds_fail = "lost_or_stolen_card"
    try:
        client.post(
            f"/admin/payments/cardpayment/{payment.pk}/refund/", {"amount": "33,000", "reason": "誤請求"}
        )
        talk(busy.tenant.pk)
    finally:
        provider().refunds_fail = ""
    assert "失敗したカード返金: 1件" in client.get("/admin/").content.decode()
    with tenant_context(busy.tenant):
        refund = CardRefund.objects.get(payment=payment)
        assert refund.state == CardRefundState.FAILED
    page = client.get(f"/admin/payments/cardrefund/{refund.pk}/").content.decode()
    assert "この返金は失敗しました" in page
    assert "lost_or_stolen_card" in page


def test_more_than_was_charged_is_not_refunded(office: Office) -> None:
    with tenant_context(office.tenant):
        payment = collect(intended(saved(office.world.company.customer), 1_000))
    address = f"/admin/payments/cardpayment/{payment.pk}/refund/"
    answer = office.client().post(address, {"amount": "1,001", "reason": "誤請求"})
    assert "1000円まで" in answer.content.decode()
    with tenant_context(office.tenant):
        assert CardPayment.objects.get(pk=payment.pk).refunded == 0

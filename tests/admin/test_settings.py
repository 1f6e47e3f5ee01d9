"""What administrators settle in the admin: operators, the issuer, bank accounts, the billing policy."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import BankAccount, Issuer, Operator, PolicyVersion, User
from accounts.policy import BillingPolicy
from accounts.selectors import policy_on
from billing_project.tenancy.context import tenant_context
from tests.admin.test_acts import count, get, post, url
from tests.admin.world import BANK, Office


def test_operators(office: Office) -> None:
    post(office, "accounts_operator_new", email="Neu@example.com", name="新人", role="accounting")
    operator = get(office, Operator, role="accounting", user_id=_user_id("neu@example.com"))
    post(office, "accounts_operator_role", operator.pk, role="support")
    assert get(office, Operator, pk=operator.pk).role == "support"
    post(office, "accounts_operator_deactivate", operator.pk)
    assert not get(office, Operator, pk=operator.pk).is_active


def _user_id(email: str) -> int:
    return User.objects.get(email=email).pk


def test_the_last_administrator_stays(office: Office) -> None:
    operator = get(office, Operator, role="admin")
    assert post(office, "accounts_operator_deactivate", operator.pk).status_code == 422
    assert post(office, "accounts_operator_role", operator.pk, role="support").status_code == 422
    assert get(office, Operator, pk=operator.pk).is_active


ISSUER = {"name": "株式会社発行", "service_name": "サービス", "charges_tax": "on"}


def test_the_issuer_and_its_registration_number(office: Office) -> None:
    """8000012010038 is the corporate number of the Digital Agency; its check digit is the first."""
    issuer = get(office, Issuer)
    post(office, "accounts_issuer_edit", issuer.pk, **ISSUER, registration_number="T8000012010038")
    assert get(office, Issuer).registration_number == "T8000012010038"
    post(office, "accounts_issuer_edit", issuer.pk, **ISSUER, registration_number="7000 0120−50002")
    assert get(office, Issuer).registration_number == "T7000012050002"
    post(office, "accounts_issuer_edit", issuer.pk, **ISSUER, registration_number="ｔ８-0000-1201-0038")
    assert get(office, Issuer).registration_number == "T8000012010038"
    wrong = post(office, "accounts_issuer_edit", issuer.pk, **ISSUER, registration_number="T12345")
    assert "T1234567890123" in wrong.content.decode()
    assert get(office, Issuer).registration_number == "T8000012010038"
    doubtful = office.client().post(
        url("accounts_issuer_edit", issuer.pk),
        {**ISSUER, "registration_number": "T7000012010038"},
        follow=True,
    )
    assert "検査数字が合いません" in doubtful.content.decode()
    assert "検査数字が合いません" in office.client().get(reverse("admin:index")).content.decode()


def test_bank_accounts(office: Office) -> None:
    account = get(office, BankAccount)
    same = {**BANK, "is_active": "on"}
    assert post(office, "accounts_bankaccount_new", **same).status_code == 422
    post(office, "accounts_bankaccount_new", **{**same, "number": "7654321"})
    assert count(office, BankAccount) == 2
    short = post(office, "accounts_bankaccount_edit", account.pk, **{**same, "number": "123"})
    assert short.status_code == 422
    post(office, "accounts_bankaccount_edit", account.pk, **{**same, "is_active": ""})
    assert not get(office, BankAccount, pk=account.pk).is_active


def policy_form(office: Office, **changes: str) -> dict[str, str]:
    form = office.client().get(url("accounts_policyversion_new")).context["form"]
    return (
        {name: str(form[name].value() or "") for name in form.fields} | {"valid_from": "2026-12-15"} | changes
    )


def test_the_editor_knows_every_field_and_changes_none_by_itself(seen: Office) -> None:
    form = seen.client().get(url("accounts_policyversion_new")).context["form"]
    shown = [each["field"].name for group in form.groups for each in group["fields"]]
    assert sorted(shown) == sorted(BillingPolicy.model_fields)
    answer = post(seen, "accounts_policyversion_new", **policy_form(seen))
    assert "変更された項目がありません" in answer.content.decode()


def test_a_new_version_of_the_policy(office: Office) -> None:
    post(
        office, "accounts_policyversion_new", **policy_form(office, cancel_window_days="10", approval="true")
    )
    with tenant_context(office.tenant):
        policy = policy_on(date(2026, 12, 15))
        version = PolicyVersion.objects.order_by("-pk")[0]
    assert (policy.cancel_window_days, policy.approval, policy.payout_fee) == (10, True, 550)
    html = office.client().get(url("accounts_policyversion_change", version.pk)).content.decode()
    assert "2026-12-15" in html


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("issue_day", "31"),
        ("closes", ""),
        ("due_day", "1@-1"),
        ("first_method", "payment_link"),
        ("payout_fee", "-1"),
        ("valid_from", "2026-11-02"),
    ],
)
def test_a_wrong_policy_is_explained_beside_its_field(field: str, value: str, seen: Office) -> None:
    before = count(seen, PolicyVersion)
    answer = post(seen, "accounts_policyversion_new", **policy_form(seen, **{field: value}))
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert field in errors or "__all__" in errors
    assert field in errors or field == "valid_from"
    assert count(seen, PolicyVersion) == before


def test_day_rules_are_explained_while_typed(office: Office) -> None:
    """31 December is no bank day, nor are 1 to 3 January; 31 January 2027 is a Sunday."""
    client, address = office.client(), url("accounts_policyversion_explain")
    html = client.get(address, {"field": "due_day", "due_day": "last+; card 26"}).content.decode()
    assert "2026-11-30、2027-01-04、2027-02-01" in html
    assert "2026-11-26、2026-12-26、2027-01-26" in html
    assert "「31」" in client.get(address, {"field": "closes", "closes": "31"}).content.decode()
    assert client.get(address, {"field": "nonsense"}).status_code == 404

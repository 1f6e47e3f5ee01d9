"""Many questions as one row; also those that no row can answer."""

from __future__ import annotations

from accounts.models import Customer, Tenant
from billing_project.backoffice.asking import answers, count_of, first_of, row_of, total_of
from billing_project.tenancy.context import tenant_context
from ledger.models import CustomerBalance
from tests.factories import make_customer


def test_each_is_answered_by_its_name(tenant: Tenant) -> None:
    with tenant_context(tenant):
        for name in ("甲", "乙", "丙"):
            make_customer(name)
        everyone, nobody = Customer.objects.order_by("-pk"), Customer.objects.none()
        found = answers(
            {
                "all": count_of(everyone),
                "most": count_of(everyone, 2),
                "last": first_of(everyone, "name"),
                "deposits": total_of(CustomerBalance.objects.filter(deposit__lt=0), "deposit"),
                "none": count_of(nobody),
                "no_name": first_of(nobody, "name"),
                "no_sum": total_of(CustomerBalance.objects.none(), "deposit"),
            }
        )
    expected = {"all": 3, "most": 2, "last": "丙", "deposits": 0, "none": 0, "no_name": None, "no_sum": 0}
    assert found == expected
    assert answers({}) == {}


def test_fields_of_the_first_row(tenant: Tenant) -> None:
    with tenant_context(tenant):
        make_customer("甲")
        last = make_customer("乙")
        newest = Customer.objects.order_by("-pk")
        found = answers(
            {
                "last": row_of(newest, "pk", "name", "is_active"),
                "no_row": row_of(newest.filter(name="丁"), "pk"),
                "nothing": row_of(Customer.objects.none(), "pk"),
            }
        )
    assert found == {
        "last": {"pk": last.pk, "name": "乙", "is_active": True},
        "no_row": None,
        "nothing": None,
    }

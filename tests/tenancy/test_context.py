"""`tenant_context`: one transaction, one tenant, nothing left behind."""

from typing import Any

import pytest
from celery import shared_task
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from accounts.models import Customer, Tenant
from billing_project import clock
from billing_project.tenancy.context import (
    NoTenantError,
    OtherTenantError,
    current_tenant_id,
    tenant_context,
)
from billing_project.tenancy.tasks import TenantTask
from tests.factories import make_customer, make_tenant
from tests.tenancy.catalog import rows


def setting() -> str | None:
    return rows("SELECT NULLIF(current_setting('app.tenant_id', true), '')")[0][0]


def test_without_a_tenant_the_manager_raises_before_any_sql(tenant: Tenant) -> None:
    def no_sql(*_args: Any) -> None:
        raise AssertionError("SQL was sent")

    with connection.execute_wrapper(no_sql), pytest.raises(NoTenantError):
        list(Customer.objects.all())


def test_without_a_tenant_the_database_shows_nothing_and_takes_nothing(tenant: Tenant) -> None:
    with tenant_context(tenant):
        make_customer()
    assert rows("SELECT count(*) FROM accounts_customer") == [(0,)]
    with pytest.raises(DatabaseError, match="row-level security"):
        rows("INSERT INTO jobs_jobcursor (tenant_id, next_on) VALUES (%s, now()) RETURNING id", tenant.pk)


def test_another_tenants_rows_are_not_there() -> None:
    alpha, beta = make_tenant(), make_tenant()
    with tenant_context(alpha):
        acme = make_customer("アルファのお客様")
    with tenant_context(beta):
        assert not Customer.objects.filter(pk=acme.pk).exists()
        assert rows("SELECT count(*) FROM accounts_customer WHERE id = %s", acme.pk) == [(0,)]
        with connection.cursor() as cursor:
            cursor.execute("UPDATE accounts_customer SET name = 'x' WHERE id = %s", [acme.pk])
            assert cursor.rowcount == 0
    with tenant_context(alpha):
        acme.refresh_from_db()
        assert acme.name == "アルファのお客様"


def test_a_row_cannot_be_written_for_another_tenant() -> None:
    alpha, beta = make_tenant(), make_tenant()
    with tenant_context(alpha):
        acme = make_customer()
        acme.tenant_id = beta.pk
        acme.pk = None
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            acme.save(force_insert=True)


def test_a_reference_cannot_leave_the_tenant() -> None:
    alpha, beta = make_tenant(), make_tenant()
    with tenant_context(alpha):
        acme = make_customer()
    with tenant_context(beta), pytest.raises(IntegrityError, match="tfk"), transaction.atomic():
        rows(
            "INSERT INTO accounts_accountingcontact (tenant_id, customer_id, name, department, email)"
            " VALUES (%s, %s, '', '', '') RETURNING id",
            beta.pk,
            acme.pk,
        )


def test_nothing_of_the_tenant_outlives_its_context() -> None:
    tenant = make_tenant()
    with tenant_context(tenant):
        assert setting() == str(tenant.pk)
    assert setting() is None
    with pytest.raises(NoTenantError):
        current_tenant_id()


def test_inside_a_callers_transaction_the_setting_is_taken_back() -> None:
    tenant = make_tenant()
    with transaction.atomic():
        with tenant_context(tenant):
            make_customer()
        assert setting() is None
        with pytest.raises(RuntimeError, match="stop"), tenant_context(tenant):
            raise RuntimeError("stop")
        assert setting() is None


def test_the_same_tenant_nests_and_another_is_refused() -> None:
    alpha, beta = make_tenant(), make_tenant()
    with tenant_context(alpha):
        with tenant_context(alpha):
            assert setting() == str(alpha.pk)
        assert setting() == str(alpha.pk)
        with pytest.raises(OtherTenantError), tenant_context(beta):
            pass


def test_the_platforms_operator_reads_across_tenants_and_writes_nothing() -> None:
    alpha, beta = make_tenant(), make_tenant()
    ids = []
    for tenant in (alpha, beta):
        with tenant_context(tenant):
            ids.append(make_customer().pk)
    with connections["operator"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_customer WHERE id = ANY(%s)", [ids])
        assert cursor.fetchone() == (2,)
        cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE")
        with pytest.raises(DatabaseError, match="permission denied"):
            cursor.execute("UPDATE accounts_customer SET name = 'x' WHERE id = ANY(%s)", [ids])


def test_the_owner_too_is_bound_by_row_security(tenant: Tenant) -> None:
    with tenant_context(tenant):
        make_customer()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_customer WHERE tenant_id = %s", [tenant.pk])
        assert cursor.fetchone() == (0,)


@shared_task(base=TenantTask, bind=True)
def which_tenant(_task: Any, _tenant_id: int) -> tuple[int, str | None]:
    return current_tenant_id(), setting()


def test_a_task_runs_in_its_tenant(tenant: Tenant) -> None:
    assert which_tenant(tenant.pk) == (tenant.pk, str(tenant.pk))
    with pytest.raises(NoTenantError):
        current_tenant_id()


def test_a_task_is_handed_over_only_by_the_commit(tenant: Tenant) -> None:
    handed_over: list[tuple[Any, ...]] = []

    class Broker(TenantTask):
        name = "tests.handed_over"

        def apply_async(self, args: Any = None, *_args: Any, **_options: Any) -> Any:
            handed_over.append(args)

    with tenant_context(tenant):
        Broker().enqueue(clock.now().year)
        assert handed_over == []
    assert handed_over == [(tenant.pk, clock.now().year)]
    with pytest.raises(RuntimeError, match="undone"), tenant_context(tenant):
        Broker().enqueue(1)
        raise RuntimeError("undone")
    assert len(handed_over) == 1

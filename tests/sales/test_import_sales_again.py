"""Importing sales: the same file twice, what is known already, and the whole file or nothing."""

from datetime import UTC, date, datetime
from pathlib import Path
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection

from accounts.models import AccountingContact, Customer, Tenant
from accounts.services import NewContact, allow_later_payment, change_contact
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.errors import Refusal
from billing_project.tenancy.context import tenant_context
from invoices.models import Charge
from orders.models import Order, OrderLine, Product
from orders.sales_file import write_sales_file
from orders.sales_sample import sample_sales
from orders.services.import_sales import ImportRejected, ImportResult, import_sales_file, preview_sales
from tests.factories import make_tenant

from .conftest import NOVEMBER_5
from .files import line, sales_file
from .importing import everything, rejected, run

pytestmark = pytest.mark.usefixtures("november_5")


def test_the_same_file_twice_changes_nothing(in_tenant: Tenant) -> None:
    run(line(), line(c1="S2", c3="C2"))
    customer = Customer.objects.get(code="C1")
    allow_later_payment(customer=customer, allowed=False)
    change_contact(customer=customer, contact=NewContact("別の人", "other@a.example"))
    before = everything()
    assert run(line(), line(c1="S2", c3="C2")) == ImportResult(0, 2, 0, 0)
    assert everything() == before


def test_encoding_and_order_of_lines_are_no_content(in_tenant: Tenant) -> None:
    run(line(), line(c1="S2"))
    again = import_sales_file(content=sales_file(line(c1="S2"), line(c2="2026-10-30"), encoding="utf-8-sig"))
    assert again == ImportResult(0, 2, 0, 0)


def test_known_and_new_lines_together(in_tenant: Tenant) -> None:
    run(line())
    assert run(line(), line(c1="S2")) == ImportResult(1, 1, 0, 0)
    assert Order.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"c2": "2026/10/29"}, "2026/10/30 → 2026/10/29"),
        ({"c3": "C2"}, "C1 → C2"),
        ({"c4": "別会社"}, "青葉商会株式会社 → 別会社"),
        ({"c5": "別人"}, "山根 透 → 別人"),
        ({"c9": "OV-1Y"}, "DV-1Y → OV-1Y"),
        ({"c10": "別名"}, "ドメイン認証SSL 1年 → 別名"),
        ({"c11": "3"}, "数量 2 → 3"),
        ({"c12": "29999"}, "30000 → 29999"),
        ({"c13": "免税"}, "課税10% → 免税"),
        ({"c6": "b@b.example"}, ""),
        ({"c7": "100-0006"}, ""),
        ({"c8": "別の住所"}, ""),
    ],
)
def test_a_known_number_with_other_content_is_an_error(
    in_tenant: Tenant, changes: dict[str, str], said: str
) -> None:
    run(line())
    before = everything()
    with pytest.raises(ImportRejected) as refusal:
        run(line(c1="S0", c3="C9"), line(**changes))
    [error] = refusal.value.errors
    assert error[:3] == (3, "売上番号", "number_known")
    assert said in error.message
    assert refusal.value.code == "import_rejected"
    assert everything() == before


def test_a_number_of_an_order_placed_here_is_an_error(in_tenant: Tenant) -> None:
    run(line())
    order = Order.objects.get()
    order.pk, order.public_id, order.number, order.source, order.fingerprint = (
        None,
        uuid4(),
        "W1",
        "panel",
        "",
    )
    order.save(force_insert=True)
    assert rejected(line(c1="W1")) == [(2, "売上番号", "number_known")]


def test_a_broken_file_stores_nothing(in_tenant: Tenant) -> None:
    before = everything()
    found = rejected(line(), line(c1="S2", c11="0"), line(c1="S3", c2="2026/11/06"))
    assert found == [(3, "数量", "bad_quantity"), (4, "納品日", "date_in_future")]
    assert everything() == before


def test_today_is_the_tenants_today(in_tenant: Tenant) -> None:
    with clock.frozen(datetime(2026, 11, 5, 15, tzinfo=UTC)):
        assert run(line(c2="2026/11/06")).created == 1


def test_a_tenant_without_later_payment_refuses(november_5: None) -> None:
    with tenant_context(make_tenant(payment_methods="card", first_method="card")):
        with pytest.raises(Refusal) as refusal:
            run(line())
        assert refusal.value.code == "method_not_offered"
        assert not Order.objects.exists()


def test_prices_that_contain_tax_refuse(november_5: None) -> None:
    with tenant_context(make_tenant(price_entry="tax_inclusive")), pytest.raises(Refusal) as refusal:
        run(line())
    assert refusal.value.code == "import_rejected"


def test_the_import_is_in_the_audit_log_once(in_tenant: Tenant) -> None:
    run(line(), line(c1="S2"))
    entry = AuditEntry.objects.get(action="sales_imported")
    assert entry.data["created"] == 2
    assert entry.data["file_name"] == "sales.csv"
    assert len(entry.data["file_sha256"]) == 64


def test_two_tenants_may_have_the_same_numbers(november_5: None) -> None:
    for _ in range(2):
        with tenant_context(make_tenant()):
            assert run(line()).created == 1
            assert Customer.objects.count() == 1


def test_progress_is_told(in_tenant: Tenant) -> None:
    told: list[tuple[int, int]] = []
    content = sales_file(*(line(c1=f"S{n}") for n in range(5001)))
    import_sales_file(content=content, progress=lambda done, of: told.append((done, of)))
    assert told == [(5000, 5001), (5001, 5001)]


def test_the_preview_says_what_an_import_would_do(in_tenant: Tenant) -> None:
    run(line())
    before = everything()
    preview = preview_sales(sales_file(line(), line(c1="S2", c3="C2", c9="NEW")))
    assert preview.result == ImportResult(created=1, skipped=1, customers_new=1, products_new=1)
    assert preview.errors == ()
    worse = preview_sales(sales_file(line(c11="9"), line(c1="S2", c11="x")))
    assert [error[:3] for error in worse.errors] == [
        (2, "売上番号", "number_known"),
        (3, "数量", "bad_quantity"),
    ]
    assert everything() == before


def test_two_imports_of_one_file_at_once_book_it_once(tenant: Tenant) -> None:
    rows = sample_sales(month=date(2026, 9, 1), customers=50, lines=400, seed=3)
    content = write_sales_file(rows)
    barrier, results = Barrier(4), []

    def work() -> None:
        try:
            barrier.wait(timeout=30)
            with clock.frozen(NOVEMBER_5), tenant_context(tenant):
                results.append(import_sales_file(content=content))
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted((result.created, result.skipped) for result in results) == [(0, 400)] * 3 + [(400, 0)]
    assert sum(result.customers_new for result in results) == 50
    with tenant_context(tenant):
        assert Order.objects.count() == OrderLine.objects.count() == Charge.objects.count() == 400
        assert Customer.objects.count() == AccountingContact.objects.count() == 50


def test_an_interrupted_import_leaves_nothing(tenant: Tenant) -> None:
    def interrupt(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), tenant_context(tenant):
        import_sales_file(content=sales_file(line()), progress=interrupt)
    with tenant_context(tenant):
        assert not Customer.objects.exists()
        assert not Charge.objects.exists()


def test_a_real_month(in_tenant: Tenant, shared_sales: Path) -> None:
    content = (shared_sales / "sales-2026-10.csv").read_bytes()
    products_before = Product.objects.count()
    result = import_sales_file(content=content)
    assert (result.created, result.skipped, result.customers_new) == (2255, 0, 300)
    assert Product.objects.count() == products_before + result.products_new
    assert Product.objects.get(sku="SUP").unit_price == 15333
    assert Charge.objects.count() == 2255
    before = everything()
    assert import_sales_file(content=content) == ImportResult(0, 2255, 0, 0)
    assert everything() == before


def test_a_broken_month_stores_nothing(in_tenant: Tenant, shared_sales: Path) -> None:
    before = everything()
    with pytest.raises(ImportRejected) as refusal:
        import_sales_file(content=(shared_sales / "sales-broken.csv").read_bytes())
    assert [error.line for error in refusal.value.errors] == [5, 9, 13, 17, 21, 25, 29, 33]
    assert everything() == before

"""Importing sales: what each line becomes, the whole file or nothing, and twice is once."""

from datetime import UTC, date, datetime
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from accounts.models import AccountingContact, Addressee, Customer, Tenant
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
from tests.factories import make_customer, make_tenant

from .conftest import NOVEMBER_5
from .files import line, sales_file

pytestmark = pytest.mark.usefixtures("november_5")
TABLES = (Customer, AccountingContact, Addressee, Product, Order, OrderLine, Charge, AuditEntry)


def run(*lines: str) -> ImportResult:
    return import_sales_file(content=sales_file(*lines), file_name="sales.csv")


def rejected(*lines: str) -> list[tuple[int, str, str]]:
    with pytest.raises(ImportRejected) as refusal:
        run(*lines)
    assert all(error.message for error in refusal.value.errors)
    return [error[:3] for error in refusal.value.errors]


def everything() -> dict[str, list[Any]]:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in TABLES}


def test_a_line_becomes_a_delivered_order_and_a_charge(in_tenant: Tenant) -> None:
    assert run(line(c9="NEW-1")) == ImportResult(created=1, skipped=0, customers_new=1, products_new=1)
    order = Order.objects.get()
    assert (order.number, order.source, order.state, order.payment_method) == (
        "S1",
        "import",
        "delivered",
        "later_transfer",
    )
    assert order.ordered_on == date(2026, 10, 30)
    assert order.placed_at == datetime(2026, 10, 29, 15, tzinfo=UTC)
    assert order.last_delivery_on is None
    sold = OrderLine.objects.get()
    assert (sold.order, sold.position, sold.quantity, sold.unit_price) == (order, 1, 2, 30000)
    assert (sold.sku, sold.description, sold.tax_category) == ("NEW-1", "ドメイン認証SSL 1年", "standard")
    assert (sold.state, sold.delivered_on) == ("delivered", date(2026, 10, 30))
    charge = Charge.objects.get()
    assert sold.charge == charge
    assert (charge.customer, charge.addressee, charge.order_number) == (order.customer, order.addressee, "S1")
    assert charge.transaction_date == charge.billable_from == date(2026, 10, 30)
    assert (charge.quantity, charge.unit_price, charge.amount, charge.tax_rate) == (2, 30000, 60000, 10)
    assert (charge.description, charge.payment_method) == ("ドメイン認証SSL 1年", "later_transfer")
    assert not charge.tax_inclusive
    assert charge.recorded_at == NOVEMBER_5


def test_the_cancel_window_runs_from_the_day_of_delivery(in_tenant: Tenant) -> None:
    # A13: delivered on the 30th, seven days including the first: through 5 November.
    run(line())
    assert OrderLine.objects.get().cancel_until == date(2026, 11, 5)


@pytest.mark.parametrize(
    ("text", "category", "rate"),
    [
        ("課税10%", "standard", 10),
        ("軽減8%", "reduced", 8),
        ("非課税", "exempt", None),
        ("不課税", "out_of_scope", None),
        ("免税", "zero", None),
    ],
)
def test_tax_of_the_charge(in_tenant: Tenant, text: str, category: str, rate: int | None) -> None:
    run(line(c13=text))
    charge = Charge.objects.get()
    assert (charge.tax_category, charge.tax_rate) == (category, rate)


def test_a_new_customer_may_pay_later_and_has_its_contact(in_tenant: Tenant) -> None:
    run(line())
    customer = Customer.objects.get()
    assert (customer.code, customer.name, customer.postcode, customer.address) == (
        "C1",
        "青葉商会株式会社",
        "100-0005",
        "東京都千代田区丸の内1-1-1",
    )
    assert customer.later_payment_allowed
    assert (customer.payment_method, customer.credit_limit) == ("later_transfer", 1_000_000)
    contact = AccountingContact.objects.get()
    assert (contact.customer, contact.name, contact.email) == (customer, "山根 透", "keiri@aoba.example")


def test_a_sale_far_beyond_credit_limit_and_31_days_is_taken(in_tenant: Tenant) -> None:
    run(line(c2="2025/01/31", c12="9000000"))
    assert Charge.objects.get().amount == 18_000_000


def test_a_known_customer_is_allowed_to_pay_later(in_tenant: Tenant) -> None:
    make_customer(code="C1", pays="card")
    run(line())
    customer = Customer.objects.get()
    assert customer.later_payment_allowed
    assert customer.payment_method == "card"
    assert AuditEntry.objects.get(action="sales_imported").data["later_payment_allowed"] == ["C1"]


def test_the_customer_takes_the_newest_line_and_each_sale_keeps_its_addressee(in_tenant: Tenant) -> None:
    run(
        line(c2="2026/10/30", c4="新社名株式会社", c5="新任", c6="new@a.example", c8="新住所"),
        line(c1="S2", c2="2026/10/01", c4="旧社名株式会社", c5="前任", c6="old@a.example", c8="旧住所"),
    )
    customer, contact = Customer.objects.get(), AccountingContact.objects.get()
    assert (customer.name, customer.address) == ("新社名株式会社", "新住所")
    assert (contact.name, contact.email) == ("新任", "new@a.example")
    printed = {
        order.number: (order.addressee.company_name, order.addressee.contact_name)
        for order in Order.objects.select_related("addressee")
    }
    assert printed == {"S1": ("新社名株式会社", "新任"), "S2": ("旧社名株式会社", "前任")}


def test_of_one_day_the_later_line_is_the_newest(in_tenant: Tenant) -> None:
    run(line(c5="先"), line(c1="S2", c5="後"))
    assert AccountingContact.objects.get().name == "後"


def test_an_address_that_moves_on_makes_no_second_addressee(in_tenant: Tenant) -> None:
    run(line(c2="2026/10/01", c8="旧住所"), line(c1="S2", c8="新住所"))
    assert Addressee.objects.get().address == "新住所"


def test_an_older_file_does_not_undo_a_newer_one(in_tenant: Tenant) -> None:
    run(line(c2="2026/10/30", c4="新社名株式会社", c5="新任"))
    run(line(c1="S0", c2="2026/09/30", c4="旧社名株式会社", c5="前任"))
    assert (Customer.objects.get().name, AccountingContact.objects.get().name) == ("新社名株式会社", "新任")
    assert Addressee.objects.count() == 2


def test_a_newer_file_brings_the_customer_up_to_date(in_tenant: Tenant) -> None:
    customer = make_customer("古い名", code="C1", contact="前任", email="old@a.example", address="住所")
    change_contact(customer=customer, contact=NewContact("前任", "old@a.example", department="総務部"))
    run(line(c8=""))
    customer.refresh_from_db()
    assert (customer.name, customer.address) == ("青葉商会株式会社", "住所")
    contact = AccountingContact.objects.get()
    assert (contact.name, contact.department) == ("山根 透", "")
    assert AuditEntry.objects.get(action="sales_imported").data["customers_changed"] == ["C1"]


def test_a_known_product_stays_as_it_is(in_tenant: Tenant) -> None:
    before = Product.objects.get_or_create(
        sku="DV-1Y", defaults={"name": "ドメイン認証SSL 1年", "unit_price": 30000, "tax_category": "standard"}
    )[0]
    assert run(line(c10="別の名", c12="29000")).products_new == 0
    product = Product.objects.get(sku="DV-1Y")
    assert (product.name, product.unit_price) == (before.name, before.unit_price)
    assert (OrderLine.objects.get().description, OrderLine.objects.get().unit_price) == ("別の名", 29000)


def test_a_new_product_takes_what_most_of_its_lines_say(in_tenant: Tenant) -> None:
    run(
        line(c1="S1", c9="NEW", c12="30000", c2="2026/10/01"),
        line(c1="S2", c9="NEW", c12="30000", c2="2026/10/02"),
        line(c1="S3", c9="NEW", c12="27000", c2="2026/10/03"),
        line(c1="S4", c9="EVEN", c12="500", c2="2026/10/03"),
        line(c1="S5", c9="EVEN", c12="400", c2="2026/10/02"),
    )
    prices = dict(Product.objects.filter(sku__in=["NEW", "EVEN"]).values_list("sku", "unit_price"))
    assert prices == {"NEW": 30000, "EVEN": 500}


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

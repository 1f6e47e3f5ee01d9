"""Importing sales: what each line becomes."""

from datetime import UTC, date, datetime

import pytest

from accounts.models import AccountingContact, Addressee, Customer, Tenant
from accounts.services import NewContact, change_contact
from billing_project.audit.models import AuditEntry
from invoices.models import Charge
from orders.models import Order, OrderLine, Product
from orders.services.import_sales import ImportResult
from tests.factories import make_customer

from .conftest import NOVEMBER_5
from .files import line
from .importing import run

pytestmark = pytest.mark.usefixtures("november_5")


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

"""Customers, addressees and products that a sales file speaks of: made when new, brought up to date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, QuerySet

from accounts.models import AccountingContact, Addressee, Customer
from accounts.policy import BillingPolicy
from accounts.policy.choices import PaymentMethod
from billing_project import clock
from orders.models import Order, OrderSource, Product
from orders.sales_file import SaleRow
from orders.sales_file.merging import AddresseeKey, by_addressee, by_customer, newest_by, typical_products

BATCH = 2000


@dataclass(frozen=True)
class Taken:
    """Ids of customers by their number; the numbers of those made, changed, newly allowed to pay later."""

    ids: dict[str, int]
    new: list[str]
    changed: list[str]
    allowed: list[str]


def take_customers(rows: Sequence[SaleRow], policy: BillingPolicy) -> Taken:
    """Makes the rows' customers that are new, and lets each pay later (A1).

    A customer's record and accounting contact take its newest row, unless newer sales were imported before.
    """
    newest = newest_by(rows, by_customer)
    known = set(_customers(newest).values_list("code", flat=True))
    new = [code for code in newest if code not in known]
    Customer.objects.bulk_create(
        [_customer(newest[code], policy) for code in new], ignore_conflicts=True, batch_size=BATCH
    )
    customers = list(_customers(newest).select_for_update().order_by("pk"))
    older = [customer for customer in customers if customer.code in known]
    AccountingContact.objects.bulk_create(
        [_contact(customer, newest[customer.code]) for customer in customers if customer.code not in known],
        ignore_conflicts=True,
        batch_size=BATCH,
    )
    return Taken(
        ids={customer.code: customer.pk for customer in customers},
        new=new,
        allowed=_allow_later_payment(older),
        changed=_bring_up_to_date(older, newest),
    )


def _customers(codes: Iterable[str]) -> QuerySet[Customer]:
    found: QuerySet[Customer] = Customer.objects.filter(code__in=list(codes))
    return found


def _customer(row: SaleRow, policy: BillingPolicy) -> Customer:
    return Customer(
        code=row.customer_code,
        name=row.company_name,
        postcode=row.postcode,
        address=row.address,
        payment_method=PaymentMethod.LATER_TRANSFER,
        later_payment_allowed=True,
        credit_limit=policy.credit_limit_default,
        created_at=clock.now(),
    )


def _contact(customer: Customer, row: SaleRow) -> AccountingContact:
    return AccountingContact(customer=customer, name=row.contact_name, email=row.email)


def _allow_later_payment(customers: Iterable[Customer]) -> list[str]:
    waiting = [customer for customer in customers if not customer.later_payment_allowed]
    Customer.objects.filter(pk__in=[customer.pk for customer in waiting]).update(later_payment_allowed=True)
    return [customer.code for customer in waiting]


def _bring_up_to_date(customers: Sequence[Customer], newest: dict[str, SaleRow]) -> list[str]:
    imported = _imported_until(customers)
    current = [
        customer
        for customer in customers
        if newest[customer.code].delivered_on >= imported.get(customer.pk, date.min)
    ]
    records = [customer for customer in current if _take_record(customer, newest[customer.code])]
    contacts = [
        contact
        for contact in AccountingContact.objects.filter(customer__in=current).select_related("customer")
        if _take_contact(contact, newest[contact.customer.code])
    ]
    Customer.objects.bulk_update(records, ["name", "postcode", "address"], batch_size=BATCH)
    AccountingContact.objects.bulk_update(contacts, ["name", "department", "email"], batch_size=BATCH)
    changed = {customer.pk for customer in records} | {contact.customer_id for contact in contacts}
    return [customer.code for customer in current if customer.pk in changed]


def _imported_until(customers: Sequence[Customer]) -> dict[int, date]:
    """The day of each customer's newest sale that was imported before."""
    sales = Order.objects.filter(source=OrderSource.IMPORT, customer__in=customers)
    return dict(sales.values_list("customer_id").annotate(Max("ordered_on")))


def _take_record(customer: Customer, row: SaleRow) -> bool:
    """Whether the row says anything new; what it leaves empty stays."""
    said = (row.company_name, row.postcode or customer.postcode, row.address or customer.address)
    before = (customer.name, customer.postcode, customer.address)
    customer.name, customer.postcode, customer.address = said
    return said != before


def _take_contact(contact: AccountingContact, row: SaleRow) -> bool:
    """Whether the row says anything new; another person is not taken to be of the same department."""
    department = contact.department if contact.name == row.contact_name else ""
    said = (row.contact_name, department, row.email)
    before = (contact.name, contact.department, contact.email)
    contact.name, contact.department, contact.email = said
    return said != before


def take_addressees(rows: Sequence[SaleRow], customers: dict[str, int]) -> dict[AddresseeKey, int]:
    """Ids of the addressees that the rows' documents will print (A7), each with its newest row's address."""
    newest = newest_by(rows, by_addressee)
    wanted = {
        key: Addressee(
            customer_id=customers[row.customer_code],
            company_name=row.company_name,
            contact_name=row.contact_name,
            postcode=row.postcode,
            address=row.address,
        )
        for key, row in newest.items()
    }
    Addressee.objects.bulk_create(wanted.values(), ignore_conflicts=True, batch_size=BATCH)
    stored = Addressee.objects.filter(customer__in=list(customers.values()))
    ids = {_snapshot(addressee): addressee.pk for addressee in stored}
    return {key: ids[_snapshot(addressee)] for key, addressee in wanted.items()}


def _snapshot(addressee: Addressee) -> tuple[int | str, ...]:
    return (
        addressee.customer_id,
        addressee.company_name,
        addressee.department,
        addressee.contact_name,
        addressee.postcode,
        addressee.address,
    )


def take_products(rows: Sequence[SaleRow]) -> tuple[dict[str, Product], int]:
    """Products by SKU, and how many are new. One that exists stays as it is: the row has its own price."""
    typical = typical_products(rows)
    known = set(Product.objects.filter(sku__in=list(typical)).values_list("sku", flat=True))
    new = [_product(row) for sku, row in typical.items() if sku not in known]
    Product.objects.bulk_create(new, ignore_conflicts=True, batch_size=BATCH)
    return {product.sku: product for product in Product.objects.filter(sku__in=list(typical))}, len(new)


def _product(row: SaleRow) -> Product:
    return Product(
        sku=row.sku, name=row.product_name, unit_price=row.unit_price, tax_category=row.tax_category
    )

"""What the rows of a file say together about customers, addressees and products. Pure."""

import hashlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from .rows import SaleRow

Key = TypeVar("Key", bound=Hashable)
AddresseeKey = tuple[str, str, str]


def fingerprint(row: SaleRow) -> str:
    """SHA-256 of all a line says: equal for equal content, whatever its place and encoding."""
    return hashlib.sha256("\x1f".join(map(str, row.content)).encode()).hexdigest()


def newest_by(rows: Iterable[SaleRow], key: Callable[[SaleRow], Key]) -> dict[Key, SaleRow]:
    """For each key its newest row: by day of delivery, then by place in the file."""
    in_time = sorted(rows, key=lambda row: (row.delivered_on, row.line))
    return {key(row): row for row in in_time}


def by_customer(row: SaleRow) -> str:
    return row.customer_code


def by_addressee(row: SaleRow) -> AddresseeKey:
    """Company name and contact make the addressee (A7); an address that moves on does not make another."""
    return (row.customer_code, row.company_name, row.contact_name)


def typical_products(rows: Sequence[SaleRow]) -> dict[str, SaleRow]:
    """For each SKU a row with the name, price and tax class that most of its rows have; of equals the newest.

    So that one sale at a discount does not make the list price.
    """
    counts = Counter(_offer(row) for row in rows)
    rising = sorted(rows, key=lambda row: (counts[_offer(row)], row.delivered_on, row.line))
    return {row.sku: row for row in rising}


def _offer(row: SaleRow) -> tuple[Hashable, ...]:
    return (row.sku, row.product_name, row.unit_price, row.tax_category)

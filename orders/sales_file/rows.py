"""What a line of a sales file says."""

from datetime import date
from typing import NamedTuple

from accounts.policy.choices import TaxCategory

NUMBER = "売上番号"
DELIVERED = "納品日"
CUSTOMER = "お客様番号"
COMPANY = "会社名"
CONTACT = "経理担当者"
EMAIL = "メールアドレス"
POSTCODE = "郵便番号"
ADDRESS = "住所"
SKU = "商品コード"
PRODUCT = "商品名"
QUANTITY = "数量"
UNIT_PRICE = "単価(税抜)"
TAX_CLASS = "税区分"

COLUMNS = (
    NUMBER,
    DELIVERED,
    CUSTOMER,
    COMPANY,
    CONTACT,
    EMAIL,
    POSTCODE,
    ADDRESS,
    SKU,
    PRODUCT,
    QUANTITY,
    UNIT_PRICE,
    TAX_CLASS,
)

TAX_CLASSES = {
    "課税10%": TaxCategory.STANDARD,
    "軽減8%": TaxCategory.REDUCED,
    "非課税": TaxCategory.EXEMPT,
    "不課税": TaxCategory.OUT_OF_SCOPE,
    "免税": TaxCategory.ZERO,
}
RATES = {TaxCategory.STANDARD: 10, TaxCategory.REDUCED: 8}
"""The percentages that the classes' names promise."""


class SaleRow(NamedTuple):
    """One delivered sale. `line` counts from 1 with the header as line 1; the price is yen without tax."""

    line: int
    number: str
    delivered_on: date
    customer_code: str
    company_name: str
    contact_name: str
    email: str
    postcode: str
    address: str
    sku: str
    product_name: str
    quantity: int
    unit_price: int
    tax_category: TaxCategory

    @property
    def amount(self) -> int:
        """Yen without tax."""
        return self.quantity * self.unit_price

    @property
    def content(self) -> tuple[object, ...]:
        """All the line says, without its place in the file: equal content is the same sale."""
        return self[1:]


class LineError(NamedTuple):
    """What is wrong in one place of a file: `column` is empty when the whole line or file is meant."""

    line: int
    column: str
    code: str
    message: str

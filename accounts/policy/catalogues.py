"""The small catalogue each preset brings, so that it can be tried at once. Prices in yen, without tax."""

from dataclasses import dataclass

from accounts.policy.choices import TaxCategory


@dataclass(frozen=True, slots=True)
class PriceRange:
    """A range of a yearly quantity, with a yearly price per unit or a flat yearly fee (C2).

    A range without `last` is open.
    """

    first: int
    last: int | None
    unit_price: int | None = None
    flat_fee: int | None = None


@dataclass(frozen=True, slots=True)
class Metered:
    """A monthly base charge and a price per unit, both with tax; each is a line of its own on the bill."""

    base: int
    per_unit: int
    unit: str


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """A product of a preset. `unit_price` is None where the price comes from `ranges` or `metered`.

    `sold_singly`: ordering n makes n lines, each delivered and cancelled by itself.
    """

    sku: str
    name: str
    unit_price: int | None = None
    tax: TaxCategory = TaxCategory.STANDARD
    term_months: int | None = None
    sold_singly: bool = False
    inquiry_required: bool = False
    option_of: str | None = None
    metered: Metered | None = None
    ranges: tuple[PriceRange, ...] = ()


_CERTIFICATE_SHOP = (
    CatalogueItem("DV-1Y", "ドメイン認証SSL 1年", 30_000, sold_singly=True),
    CatalogueItem("WC-1Y", "ワイルドカードSSL 1年", 98_765, sold_singly=True),
)
_HOSTING = (
    CatalogueItem("HOST-12M", "ホスティング 12ヶ月", 118_800, term_months=12),
    CatalogueItem("HOST-1M", "ホスティング 1ヶ月", 11_000, term_months=1),
)
_ELECTRICITY = (CatalogueItem("POWER", "電気料金", metered=Metered(base=1_980, per_unit=31, unit="kWh")),)
_SOFTWARE_STORE = (
    CatalogueItem("SEC-1Y", "エンドポイント保護 1年", 9_800, term_months=12),
    CatalogueItem("PC-STD", "ノートPC 標準構成", 148_000),
    CatalogueItem("WATER", "防災備蓄飲料水 24本", 2_980, tax=TaxCategory.REDUCED),
    CatalogueItem("SIEM-1Y", "統合ログ分析 1年", 1_200_000, term_months=12, inquiry_required=True),
)
_MANAGED_PKI = (
    CatalogueItem(
        "PKI",
        "マネージドPKI 証明書",
        term_months=12,
        ranges=(
            PriceRange(1, 50, unit_price=8_000),
            PriceRange(51, 100, unit_price=7_000),
            PriceRange(101, None, unit_price=6_000),
        ),
    ),
    CatalogueItem("HSM", "HSMオプション", 240_000, term_months=12, option_of="PKI"),
)
_ID_CHECK = (
    CatalogueItem(
        "EKYC",
        "オンライン本人確認",
        term_months=12,
        ranges=(
            PriceRange(1, 1_000, flat_fee=600_000),
            PriceRange(1_001, 5_000, flat_fee=1_800_000),
            PriceRange(5_001, 20_000, flat_fee=4_800_000),
        ),
    ),
)

PRESET_CATALOGUES: dict[str, tuple[CatalogueItem, ...]] = {
    "certificate-shop": _CERTIFICATE_SHOP,
    "hosting": _HOSTING,
    "electricity": _ELECTRICITY,
    "software-store": _SOFTWARE_STORE,
    "managed-pki": _MANAGED_PKI,
    "id-check": _ID_CHECK,
}
"""The catalogue of each preset, by the preset's name."""

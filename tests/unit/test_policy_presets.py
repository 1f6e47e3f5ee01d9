"""The six presets and their catalogues, field by field as the specification's tables have them."""

import pytest

from accounts.policy import PRESET_CATALOGUES, PRESETS
from accounts.policy.catalogues import Metered, PriceRange
from accounts.policy.choices import TaxCategory

NAMES = ["certificate-shop", "hosting", "electricity", "software-store", "managed-pki", "id-check"]
SAME = "same"

# One row per field; a row with one value says it for all presets.
TABLE = {
    "payment_methods": [
        ["card", "deposit", "advance_transfer", "later_transfer"],
        ["transfer_or_konbini", "direct_debit", "card"],
        ["payment_link", "transfer"],
        ["later_transfer", "card"],
        ["later_transfer"],
        ["later_transfer"],
    ],
    "first_method": [
        "card",
        "transfer_or_konbini",
        "payment_link",
        "later_transfer",
        "later_transfer",
        "later_transfer",
    ],
    "price_entry": [
        "tax_exclusive",
        "tax_exclusive",
        "tax_inclusive",
        "tax_exclusive",
        "tax_exclusive",
        "tax_exclusive",
    ],
    "tax_rounding": ["floor"],
    "qualified_document": [
        "delivery_note; later_transfer invoice",
        "invoice",
        "invoice",
        "delivery_note",
        "invoice",
        "invoice",
    ],
    "closes": ["last", None, "15", "last", "last", "last"],
    "issue_day": ["1", "bd5; card 5+; direct_debit 11+", "15", "bd3", "1", "1"],
    "due_day": ["last+", "last+; direct_debit 26+", "20; transfer last+", "last+", "last+@1", "last+@1"],
    "order_expiry_days": [30, None, None, None, None, None],
    "order_expiry_warnings": [[7, 1], [], [], [], [], []],
    "cancel_window_days": [7, None, None, 0, None, None],
    "cancel_reminder_days": [1, None, None, None, None, None],
    "refund_to": [
        "next_bill; card card; advance_transfer deposit; deposit deposit",
        "deposit",
        "next_bill",
        None,
        None,
        None,
    ],
    "payout_cutoff": ["20"],
    "payout_day": ["last+"],
    "payout_fee": [440],
    "apply_deposit": [True],
    "short_transfer_tolerance": [0],
    "quote_valid_days": [30, 30, None, 7, 30, 30],
    "approval": [False, False, False, True, False, False],
    "credit_limit_default": [1_000_000, None, None, 1_000_000, None, None],
    "membership_screening": [False, False, False, True, False, False],
    "screening_business_days": [None, None, None, 3, None, None],
    "first_sign_in_hours": [None, None, None, 72, None, None],
    "dunning": [
        "3 reminder; 10 no_new_orders; 20 later_payment_withdrawn; 30 revoked",
        "3 reminder; 10 no_new_orders; 20 suspended; 50 terminated",
        "3 reminder; 20 suspended; 50 terminated",
        "3 reminder; 10 no_new_orders",
        "3 reminder; 20 suspended",
        "3 reminder; 20 suspended",
    ],
    "link_expires": [None, None, "20", None, None, None],
    "link_again": [None, None, "with_bill", None, None, None],
    "signup_cutoff_day": [None, None, "20", None, None, None],
    "failed_debit": [None, "transfer_or_konbini", None, None, None, None],
    "card_refusals_before_transfer": [None, 1, 2, None, None, None],
    "renewal": [None, "automatic", "automatic", "none", "automatic", "automatic"],
    "renewal_notice": [None, "1", None, None, "1", "1"],
    "renewal_notice_months": [None, 12, None, None, None, None],
    "reinstate_days": [None, 30, None, None, None, None],
    "overage": [None, None, None, None, "excess_units", "range_difference"],
    "renewal_grace_days": [None, None, None, None, 90, None],
    "first_bill": [None, "start_month", None, None, "next_month", "start_month"],
    "renew_at": [None, None, None, None, "contracted", "actual"],
    "minimum_term_months": [None, None, None, None, None, 12],
    "early_end_tax": [None, None, None, None, "standard", "standard"],
    "charge_dated": [
        "delivery",
        "term_start",
        "meter_day",
        "delivery_or_term_start",
        "term_start_or_excess_month",
        "term_start_or_excess_month",
    ],
    "session_idle_minutes": [30],
    "document_link_days": [90],
}


def test_there_are_six_presets():
    assert list(PRESETS) == list(PRESET_CATALOGUES) == NAMES


@pytest.mark.parametrize("index", range(6))
def test_a_preset_is_its_column_of_the_table(index):
    column = {field: row[index] if len(row) > 1 else row[0] for field, row in TABLE.items()}
    assert PRESETS[NAMES[index]].to_json() == column


def test_catalogues_are_the_table():
    rows = [
        (preset, item.sku, item.unit_price, item.tax, item.term_months)
        for preset, catalogue in PRESET_CATALOGUES.items()
        for item in catalogue
    ]
    standard = TaxCategory.STANDARD
    assert rows == [
        ("certificate-shop", "DV-1Y", 30_000, standard, None),
        ("certificate-shop", "WC-1Y", 98_765, standard, None),
        ("hosting", "HOST-12M", 118_800, standard, 12),
        ("hosting", "HOST-1M", 11_000, standard, 1),
        ("electricity", "POWER", None, standard, None),
        ("software-store", "SEC-1Y", 9_800, standard, 12),
        ("software-store", "PC-STD", 148_000, standard, None),
        ("software-store", "WATER", 2_980, TaxCategory.REDUCED, None),
        ("software-store", "SIEM-1Y", 1_200_000, standard, 12),
        ("managed-pki", "PKI", None, standard, 12),
        ("managed-pki", "HSM", 240_000, standard, 12),
        ("id-check", "EKYC", None, standard, 12),
    ]


def test_what_is_special_about_some_products():
    items = {item.sku: item for catalogue in PRESET_CATALOGUES.values() for item in catalogue}
    assert [sku for sku, item in items.items() if item.inquiry_required] == ["SIEM-1Y"]
    assert items["POWER"].metered == Metered(base=1_980, per_unit=31, unit="kWh")
    assert items["HSM"].option_of == "PKI"
    assert items["PKI"].ranges == (
        PriceRange(1, 50, unit_price=8_000),
        PriceRange(51, 100, unit_price=7_000),
        PriceRange(101, None, unit_price=6_000),
    )
    assert items["EKYC"].ranges == (
        PriceRange(1, 1_000, flat_fee=600_000),
        PriceRange(1_001, 5_000, flat_fee=1_800_000),
        PriceRange(5_001, 20_000, flat_fee=4_800_000),
    )
    assert items["WATER"].name == "防災備蓄飲料水 24本"

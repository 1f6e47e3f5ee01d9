"""The billing policy: fields, checks, presets, and the days it gives. Pure: no database, no clock."""

from accounts.policy.catalogues import PRESET_CATALOGUES, CatalogueItem
from accounts.policy.model import BillingPolicy
from accounts.policy.presets import PRESETS
from accounts.policy.reading import change_policy, label_of, read_policy

__all__ = [
    "PRESETS",
    "PRESET_CATALOGUES",
    "BillingPolicy",
    "CatalogueItem",
    "change_policy",
    "label_of",
    "read_policy",
]

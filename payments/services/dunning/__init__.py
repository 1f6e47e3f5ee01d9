"""Dunning: steps that are taken and lifted, disputed documents, bad debts (A12, H8)."""

from payments.services.dunning.bad_debts import recover_bad_debts, write_off
from payments.services.dunning.halting import (
    halt_customer,
    halt_dunning,
    resume_customer,
    resume_dunning,
)
from payments.services.dunning.lifting import lift_where_nothing_is_overdue
from payments.services.dunning.taking import anything_to_dun, take_steps

__all__ = [
    "anything_to_dun",
    "halt_customer",
    "halt_dunning",
    "lift_where_nothing_is_overdue",
    "recover_bad_debts",
    "resume_customer",
    "resume_dunning",
    "take_steps",
    "write_off",
]

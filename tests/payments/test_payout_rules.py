"""Whether anything can be paid out at all: the fee is 440 yen."""

from __future__ import annotations

import pytest

from payments.rules import can_be_paid_out


@pytest.mark.parametrize(
    ("free", "payers", "can"), [(440, ["ｱｸﾒ"], False), (441, ["ｱｸﾒ"], True), (441, [], False)]
)
def test_whether_anything_can_be_paid_out(free: int, payers: list[str], can: bool) -> None:
    assert can_be_paid_out(free=free, fee=440, payers=payers) is can

"""The scalars of the format. Each says what it expects when it is given something else."""

import re
from datetime import date, datetime, time
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict
from pydantic_core import PydanticCustomError

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
MAX_YEN = 10**12
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)")


class Model(BaseModel):
    """A part of the file: every key is known, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _expected(what: str) -> PydanticCustomError:
    return PydanticCustomError("expected", "expected {what}", {"what": what})


def _day(value: object) -> date:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise _expected("a day of the calendar such as 2026-10-25") from None
        if FIRST_DAY <= day <= LAST_DAY:
            return day
        raise _expected(f"a day from {FIRST_DAY} to {LAST_DAY}")
    raise _expected("a day such as 2026-10-25")


def _moment(value: object) -> datetime:
    """A wall clock time in the tenant's zone; the zone is put on by the runner."""
    if isinstance(value, str) and (found := _MOMENT.fullmatch(value)):
        try:
            return datetime.combine(_day(found[1]), time.fromisoformat(found[2]))
        except ValueError:
            pass
    raise _expected("a day and a time such as 2026-10-28 10:00")


def _declined_from(value: object) -> int | None:
    """`ok` → None; `declined` → 1; `{declined_from: 2}` → 2."""
    if value in ("ok", "declined"):
        return None if value == "ok" else 1
    if isinstance(value, dict) and list(value) == ["declined_from"]:
        count = value["declined_from"]
        if isinstance(count, int) and not isinstance(count, bool) and count >= 1:
            return count
    raise _expected("ok, declined or {declined_from: n}, n from 1")


def _range(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"\d+-\d*", value):
        return value
    raise _expected("a range such as 51-100, or 101- for the last one")


def _ref(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", value):
        return value
    raise _expected("a name of letters, digits, - and _ such as o1")


def _rule(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"[AHESCX][1-9]\d?", value):
        return value
    raise _expected("a rule such as A17")


Text = Annotated[str, Strict(), Field(min_length=1, max_length=1000)]
Flag = Annotated[bool, Strict()]
Whole = Annotated[int, Strict(), Field(ge=0, le=1_000_000)]
Count = Annotated[int, Strict(), Field(ge=1, le=1_000_000)]
Yen = Annotated[int, Strict(), Field(ge=-MAX_YEN, le=MAX_YEN)]
Price = Annotated[int, Strict(), Field(ge=0, le=MAX_YEN)]
Amount = Annotated[int, Strict(), Field(ge=1, le=MAX_YEN)]
Percent = Annotated[int, Strict(), Field(ge=0, le=100)]
Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Ref = Annotated[str, BeforeValidator(_ref)]
Rule = Annotated[str, BeforeValidator(_rule)]
Range = Annotated[str, BeforeValidator(_range)]
DeclinedFrom = Annotated[int | None, BeforeValidator(_declined_from)]

Preset = Literal["certificate-shop", "hosting", "electricity", "software-store", "managed-pki", "id-check"]
TaxCategory = Literal["standard", "reduced", "exempt", "out_of_scope", "zero"]
PayMethod = Literal[
    "card", "deposit", "advance_transfer", "later_transfer",
    "transfer_or_konbini", "direct_debit", "payment_link", "transfer",
]  # fmt: skip
Role = Literal["requester", "first_approver", "second_approver", "authority", "accounting"]
DocumentKind = Literal[
    "invoice", "delivery_note", "return_invoice", "corrected_invoice", "payment_statement", "plain_invoice"
]
DunningStep = Literal["no_new_orders", "later_payment_withdrawn", "suspended", "terminated", "revoked"]
Account = Literal[
    "receivable", "deposit", "suspense", "bank", "card_clearing", "konbini_clearing", "debit_clearing",
    "payout_payable", "sales", "tax_payable", "transfer_fees", "provider_fees", "card_fees", "bad_debt",
]  # fmt: skip

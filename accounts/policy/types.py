"""The types of the policy's fields: how each is read from JSON, a form or a playbook, and written as JSON."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BeforeValidator, Field, PlainSerializer, PlainValidator

from accounts.policy import choices
from accounts.policy.values import DunningStep, PerMethod, read_choice, read_dunning, read_per_method
from billing_project.calendar import DayRule
from billing_project.errors import Code, InvalidValue, Text
from billing_project.money import MAX_YEN, Rounding, parse_yen

WITH_BILL: Literal["with_bill"] = "with_bill"


@dataclass(frozen=True, slots=True)
class Label:
    """What a person reads beside a field of the policy."""

    label: Text
    help: Text


def _no_yes_or_no(value: object) -> object:
    if isinstance(value, bool):
        raise InvalidValue(Code.INVALID_POLICY, _("Enter a whole number."))
    return value


def _read_yen(value: object) -> object:
    return parse_yen(value) if isinstance(value, str) else _no_yes_or_no(value)


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _read_link_again(value: object) -> DayRule | Literal["with_bill"]:
    return WITH_BILL if "_".join(str(value).split()) == WITH_BILL else DayRule.parse(value)


_as_text = PlainSerializer(str, return_type=str)

Days = Annotated[int, BeforeValidator(_no_yes_or_no), Field(ge=1, le=3650)]
DaysOrNever = Annotated[int, BeforeValidator(_no_yes_or_no), Field(ge=0, le=3650)]
Yen = Annotated[int, BeforeValidator(_read_yen), Field(ge=0, le=MAX_YEN)]
Warnings = Annotated[tuple[Days, ...], BeforeValidator(_split)]
Day = Annotated[DayRule, PlainValidator(DayRule.parse), _as_text]
LinkAgain = Annotated[DayRule | Literal["with_bill"], PlainValidator(_read_link_again), _as_text]
Dunning = Annotated[
    tuple[DunningStep, ...],
    PlainValidator(read_dunning),
    PlainSerializer(lambda steps: "; ".join(map(str, steps)), return_type=str),
]

Method = Annotated[choices.PaymentMethod, BeforeValidator(partial(read_choice, choices.PaymentMethod))]
Methods = Annotated[tuple[Method, ...], BeforeValidator(_split)]
PriceEntry = Annotated[choices.PriceEntry, BeforeValidator(partial(read_choice, choices.PriceEntry))]
TaxRounding = Annotated[Rounding, BeforeValidator(partial(read_choice, Rounding))]
Renewal = Annotated[choices.Renewal, BeforeValidator(partial(read_choice, choices.Renewal))]
Overage = Annotated[choices.Overage, BeforeValidator(partial(read_choice, choices.Overage))]
FirstBill = Annotated[choices.FirstBill, BeforeValidator(partial(read_choice, choices.FirstBill))]
RenewAt = Annotated[choices.RenewAt, BeforeValidator(partial(read_choice, choices.RenewAt))]
TaxCategory = Annotated[choices.TaxCategory, BeforeValidator(partial(read_choice, choices.TaxCategory))]
ChargeDated = Annotated[choices.ChargeDated, BeforeValidator(partial(read_choice, choices.ChargeDated))]


def _read_days(value: object) -> PerMethod[DayRule]:
    return read_per_method(value, DayRule.parse)


def _read_documents(value: object) -> PerMethod[choices.QualifiedDocument]:
    return read_per_method(value, partial(read_choice, choices.QualifiedDocument))


def _read_refunds(value: object) -> PerMethod[choices.RefundTo]:
    return read_per_method(value, partial(read_choice, choices.RefundTo))


MethodDays = Annotated[PerMethod[DayRule], PlainValidator(_read_days), _as_text]
MethodDocuments = Annotated[PerMethod[choices.QualifiedDocument], PlainValidator(_read_documents), _as_text]
MethodRefunds = Annotated[PerMethod[choices.RefundTo], PlainValidator(_read_refunds), _as_text]

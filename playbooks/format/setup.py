"""Who and what a story starts with."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from playbooks.format.types import (
    Count,
    DeclinedFrom,
    Flag,
    Model,
    PayMethod,
    Percent,
    Price,
    Ref,
    Role,
    TaxCategory,
    Text,
)


class Card(Model):
    """A card as the gateway will see it; `declined_from` is the first charge that fails (None: none does)."""

    funding: Literal["credit", "debit", "prepaid"]
    declined_from: DeclinedFrom = Field(default=None, alias="behaviour")


class Product(Model):
    sku: Text
    name: Text
    unit_price: Price
    tax: TaxCategory = "standard"
    inquiry_required: Flag = False
    discontinued: Flag = False


class Partner(Model):
    ref: Ref
    name: Text
    margin_percent: Percent


class Member(Model):
    ref: Ref
    role: Role


class Customer(Model):
    ref: Ref
    name: Text
    pays: PayMethod | None = None
    card: Card | None = None
    credit_limit: Price | None = None
    payer_names: tuple[Text, ...] = ()
    members: tuple[Member, ...] = ()
    route: tuple[Ref, ...] = ()
    partner: Ref | None = None


class Line(Model):
    sku: Text
    quantity: Count = 1
    unit_price: Price | None = None


def _fields(value: object) -> object:
    """`set_policy: {fields: {…}}` says the same as `set_policy: {…}`."""
    return value["fields"] if isinstance(value, dict) and list(value) == ["fields"] else value


PolicyFields = Annotated[dict[str, Any], BeforeValidator(_fields)]
"""Policy fields as written; the policy's own model judges them."""

"""What can happen in a story: one model per verb, named as in the file."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from playbooks.format.setup import Card, Line
from playbooks.format.types import Amount, Count, Day, Flag, Model, PayMethod, Ref, Text, Whole

Lines = Annotated[tuple[Line, ...], Field(min_length=1)]


class OneOf(Model):
    """A verb of which exactly one of some keys must be given."""

    @classmethod
    def alternatives(cls) -> tuple[str, ...]:
        raise NotImplementedError

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        keys = self.alternatives()
        if len(self.model_fields_set & set(keys)) != 1:
            raise PydanticCustomError("expected", "expected exactly one of {keys}", {"keys": ", ".join(keys)})
        return self


class Quote(Model):
    ref: Ref
    customer: Ref
    lines: Lines
    by_operator: Flag = False
    member: Ref | None = None


class Order(OneOf):
    ref: Ref
    customer: Ref
    lines: Lines | None = None
    from_quote: Ref | None = None
    repeat_of: Ref | None = None
    pays: PayMethod | None = None
    card: Card | None = None
    member: Ref | None = None
    purchase_order_number: Text | None = None
    end_user: Text | None = None

    @classmethod
    def alternatives(cls) -> tuple[str, ...]:
        return "lines", "from_quote", "repeat_of"


class Decision(Model):
    order: Ref
    member: Ref
    reason: Text | None = None


class Deliver(Model):
    """`on`: the real day, when the delivery is entered late (X4). `reason`: why it is so unpaid (A20)."""

    order: Ref
    line: Count | None = None
    on: Day | None = None
    reason: Text | None = None


class Cancel(Model):
    order: Ref
    line: Count | None = None
    member: Ref | None = None


class OperatorCancel(Model):
    order: Ref
    reason: Text


class Contract(Model):
    ref: Ref
    customer: Ref
    sku: Text
    start: Day
    quantity: Count | None = None
    months: Count | None = None
    pays: PayMethod | None = None
    card: Card | None = None
    minimum_term_months: Count | None = None


class EndContract(Model):
    contract: Ref
    on: Day


class AddOption(Model):
    contract: Ref
    sku: Text


class Certificates(OneOf):
    contract: Ref
    issue: Count | None = None
    revoke: Count | None = None
    renew: Count | None = None

    @classmethod
    def alternatives(cls) -> tuple[str, ...]:
        return "issue", "revoke", "renew"


class Usage(Model):
    contract: Ref
    quantity: Whole


class ChangeMethod(OneOf):
    customer: Ref | None = None
    contract: Ref | None = None
    pays: PayMethod
    card: Card | None = None

    @classmethod
    def alternatives(cls) -> tuple[str, ...]:
        return "customer", "contract"


class ChangeContact(Model):
    customer: Ref
    name: Text
    email: Annotated[Text, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]


class Transfer(Model):
    amount: Amount
    payer: Text
    customer: Ref | None = None


class Konbini(Model):
    customer: Ref
    document: Count
    amount: Amount | None = None


class DebitResult(Model):
    customer: Ref
    code: Literal[0, 1, 2, 3, 4, 8, 9]


class PayLink(Model):
    customer: Ref
    card: Card


class Payout(Model):
    customer: Ref
    amount: Amount
    account_name: Text


class BillDirectly(Model):
    contract: Ref


class Correct(Model):
    document: Count
    customer: Ref
    reason: Text
    lines: Lines


class Match(Model):
    transfer: Count
    customer: Ref


class ForCustomer(Model):
    customer: Ref


class WriteOff(Model):
    customer: Ref
    document: Count
    reason: Text


class OfDocument(Model):
    """The n-th document of a customer, from 1."""

    customer: Ref
    document: Count


class HaltDunning(OfDocument):
    reason: Text


class PrintDay(Model):
    """The print queue of this day (A18)."""

    day: Day


class AllowLaterPayment(Model):
    customer: Ref
    allowed: Flag


class Beat(Model):
    """Stops or starts the beat: jobs that fall due meanwhile run late (X3)."""

    running: Flag


class Empty(Model):
    """A verb without fields."""

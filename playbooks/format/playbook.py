"""The whole file: header, steps, and the one verb of each step."""

from typing import Any, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from playbooks.format import verbs
from playbooks.format.expect import Expect
from playbooks.format.setup import Customer, Partner, PolicyFields, Product
from playbooks.format.types import Day, Model, Moment, Preset, Rule, Text


class Acts(Model):
    """Every verb that acts; exactly one is given."""

    quote: verbs.Quote | None = None
    order: verbs.Order | None = None
    approve: verbs.Decision | None = None
    reject: verbs.Decision | None = None
    deliver: verbs.Deliver | None = None
    cancel: verbs.Cancel | None = None
    operator_cancel: verbs.OperatorCancel | None = None
    contract: verbs.Contract | None = None
    end_contract: verbs.EndContract | None = None
    add_option: verbs.AddOption | None = None
    certificates: verbs.Certificates | None = None
    usage: verbs.Usage | None = None
    change_method: verbs.ChangeMethod | None = None
    change_contact: verbs.ChangeContact | None = None
    transfer: verbs.Transfer | None = None
    konbini: verbs.Konbini | None = None
    debit_result: verbs.DebitResult | None = None
    pay_link: verbs.PayLink | None = None
    payout: verbs.Payout | None = None
    bill_directly: verbs.BillDirectly | None = None
    correct: verbs.Correct | None = None
    match: verbs.Match | None = None
    set_policy: PolicyFields | None = None
    chargeback: verbs.ForCustomer | None = None
    payout_returned: verbs.ForCustomer | None = None
    write_off: verbs.WriteOff | None = None
    allow_later_payment: verbs.AllowLaterPayment | None = None
    halt_dunning: verbs.HaltDunning | None = None
    resume_dunning: verbs.OfDocument | None = None
    ask_for_paper: verbs.OfDocument | None = None
    print_day: verbs.PrintDay | None = None

    @classmethod
    def verb_names(cls) -> tuple[str, ...]:
        return tuple(name for name in cls.model_fields if name not in ("at", "code"))

    @property
    def verb(self) -> str:
        """The name of the one verb that is given."""
        return next(name for name in self.verb_names() if name in self.model_fields_set)

    @property
    def fields(self) -> Any:
        """What the verb was given: its model; for set_policy a map of policy fields."""
        return getattr(self, self.verb)

    @model_validator(mode="after")
    def _one_verb(self) -> Self:
        given = [name for name in self.verb_names() if name in self.model_fields_set]
        if len(given) != 1:
            found = ", ".join(given) or "none"
            raise PydanticCustomError(
                "expected", "expected exactly one verb, found {found}", {"found": found}
            )
        if given[0] != "wait" and getattr(self, given[0]) is None:
            raise PydanticCustomError("expected", "expected the fields of {verb}", {"verb": given[0]})
        return self


class Refused(Acts):
    """One verb that must be refused with this code and change nothing."""

    code: Text


class Step(Acts):
    """One thing that happens or must hold at a minute."""

    at: Moment
    wait: verbs.Empty | None = None
    beat: verbs.Beat | None = None
    refused: Refused | None = None
    expect: Expect | None = None


class Playbook(Model):
    """A file that was read; the references in it are checked apart (references.py)."""

    title: Text
    title_ja: str = ""
    rules: tuple[Rule, ...] = ()
    preset: Preset
    policy: PolicyFields = Field(default_factory=dict)
    start: Day
    products: tuple[Product, ...] = ()
    partners: tuple[Partner, ...] = ()
    customers: tuple[Customer, ...] = ()
    steps: tuple[Step, ...]

    def title_in(self, language: str | None) -> str:
        """The title for a reader of that language; where the file has none for it, `title`."""
        return self.title_ja if language == "ja" and self.title_ja else self.title

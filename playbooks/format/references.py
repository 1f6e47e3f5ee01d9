"""What holds between the parts of a file: times in order, refs unique, refs known."""

from datetime import datetime, time

from playbooks.format.document import Document, Path
from playbooks.format.errors import Problem
from playbooks.format.playbook import Playbook, Step
from playbooks.format.setup import Line

_MAX_YEARS = 10
_KINDS = {
    "customer": ("customer", "partner"),
    "order": ("order",),
    "repeat_of": ("order",),
    "from_quote": ("quote",),
    "contract": ("contract",),
    "member": ("member",),
}
_MAKES = ("order", "quote", "contract")
_EXPECTED = {
    "balances": ("customer", "partner"),
    "customers": ("customer", "partner"),
    "links": ("customer", "partner"),
    "orders": ("order",),
    "contracts": ("contract",),
}
_LISTED = {"documents": "customer", "payments": "customer", "payouts": "customer", "mails": "to"}


def check_references(playbook: Playbook, document: Document) -> list[Problem]:
    """Every problem between the parts, at its line."""
    return _Checker(playbook, document).run()


class _Checker:
    def __init__(self, playbook: Playbook, document: Document) -> None:
        self.playbook = playbook
        self.document = document
        self.known: dict[str, str] = {}
        self.problems: list[Problem] = []
        self.taken: dict[str, int] = {}

    def run(self) -> list[Problem]:
        self._header()
        before = datetime.combine(self.playbook.start, time())
        for index, step in enumerate(self.playbook.steps):
            self._time(step, before, ("steps", index, "at"))
            before = max(before, step.at)
            self._step(step, ("steps", index))
        return self.problems

    def _header(self) -> None:
        for index, partner in enumerate(self.playbook.partners):
            self._define(partner.ref, "partner", ("partners", index, "ref"))
        for index, customer in enumerate(self.playbook.customers):
            path: Path = ("customers", index)
            self._define(customer.ref, "customer", (*path, "ref"))
            members = {member.ref for member in customer.members}
            for place, member in enumerate(customer.members):
                self._define(member.ref, "member", (*path, "members", place, "ref"))
            for place, ref in enumerate(customer.route):
                if ref not in members:
                    message = f"expected one of the customer's members, found {ref}"
                    self._problem((*path, "route", place), message)
            if customer.partner is not None:
                self._use(customer.partner, ("partner",), (*path, "partner"))

    def _time(self, step: Step, before: datetime, path: Path) -> None:
        start = self.playbook.start
        if step.at < before:
            self._problem(path, f"expected {before:%Y-%m-%d %H:%M} or later, found {step.at:%Y-%m-%d %H:%M}")
        elif (step.at.year - start.year, step.at.month, step.at.day) > (_MAX_YEARS, start.month, start.day):
            self._problem(path, f"expected at most {_MAX_YEARS} years after the start ({start})")

    def _step(self, step: Step, path: Path) -> None:
        if step.verb == "refused":
            refused = step.fields
            self._act(refused.verb, refused.fields, (*path, "refused", refused.verb), happens=False)
        elif step.verb == "expect":
            self._expect(step, (*path, "expect"))
        else:
            self._act(step.verb, step.fields, (*path, step.verb), happens=True)

    def _act(self, verb: str, fields: object, path: Path, *, happens: bool) -> None:
        for key, kinds in _KINDS.items():
            ref = getattr(fields, key, None)
            if isinstance(ref, str):
                self._use(ref, kinds, (*path, key))
        if verb in _MAKES:
            kind = verb if happens else f"refused {verb}"
            self._define(str(getattr(fields, "ref", "")), kind, (*path, "ref"))
        if verb != "correct" and not getattr(fields, "by_operator", False):
            self._no_prices(getattr(fields, "lines", None) or (), path)

    def _no_prices(self, lines: tuple[Line, ...], path: Path) -> None:
        for index, line in enumerate(lines):
            if line.unit_price is not None:
                self._problem((*path, "lines", index, "unit_price"), "expected only in an operator's quote")

    def _expect(self, step: Step, path: Path) -> None:
        for key, kinds in _EXPECTED.items():
            for ref in getattr(step.fields, key) or {}:
                self._use(ref, kinds, (*path, key, ref))
        for key, name in _LISTED.items():
            for index, item in enumerate(getattr(step.fields, key) or ()):
                kinds = ("customer", "partner", *(("member",) if key == "mails" else ()))
                self._use(getattr(item, name), kinds, (*path, key, index, name))

    def _define(self, ref: str, kind: str, path: Path) -> None:
        if ref in self.taken:
            self._problem(path, f"expected a name of its own; {ref} is taken in line {self.taken[ref]}")
            return
        self.taken[ref] = self.document.line(path)
        self.known[ref] = kind

    def _use(self, ref: str, kinds: tuple[str, ...], path: Path) -> None:
        kind = self.known.get(ref)
        if kind not in kinds:
            names = sorted(name for name, its in self.known.items() if its in kinds)
            found = f"{ref} (kind: {kind})" if kind else ref
            what = f"{' or '.join(kinds)} refs above ({', '.join(names) or 'there are none'})"
            self._problem(path, f"expected one of the {what}, found {found}")

    def _problem(self, path: Path, message: str) -> None:
        self.problems.append(self.document.problem(path, message))

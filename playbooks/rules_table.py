"""Which story shows which rule: the table of docs/rules.md, made of the stories themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from playbooks.format import load_file

STORIES = Path(__file__).parent / "stories"

RULES: Mapping[str, str] = {
    "A1": "Payment methods are those of the policy; who pays later has been allowed to",
    "A2": "Accepted card brands; prepaid cards are refused",
    "A3": "Credit cards are charged at delivery, debit cards when ordered; refused, the order stays open",
    "A4": "Cancelled before delivery: nothing is charged, a debit charge goes back, no document",
    "A5": "An order that is not delivered in time is warned of and ends; its money goes back",
    "A6": "A delivery note at delivery, an invoice after the closing for those who pay later",
    "A7": "The addressee is fixed when the order is placed; the mail goes to the contact of today",
    "A8": "Documents are mailed as links that expire and can be revoked; downloads are logged",
    "A9": "Quotes: made by a member or answered by an operator, ordered once while valid",
    "A10": "Months close on their last day, are billed on the 1st and due at the end of the next month",
    "A11": "Transfer fees are the customer's: a shortfall stays open, within a tolerance it is let go",
    "A12": "Overdue: steps on their days, lifted by payment; unpaid certificates are revoked",
    "A13": "The cancel window includes the day of delivery and ends with its last day",
    "A14": "A delivered card order that is cancelled: card refund and return invoice",
    "A15": "Money of a cancelled order becomes deposit; deposit is used, reserved and paid out",
    "A16": "Cancelled before the closing: neither the charge nor its reversal is billed",
    "A17": "Cancelled after the closing: a return invoice; a surplus becomes deposit",
    "A18": "Return invoices and quotes go by mail alone; other documents can be printed",
    "A19": "The ordering member is reminded a day before the cancel window ends",
    "A20": "Paid in advance: delivered when the deposit covers it",
    "X1": "What was issued or booked never changes; mistakes are mended by reversal",
    "X2": "Numbers run per kind and year without gaps",
    "X3": "A run that comes late or twice gives the same documents, each once",
    "X4": "Late deliveries go into the next closing with their own day",
    "X5": "A customer's standing always equals the ledger",
    "X6": "Tenants never see each other's rows, files, mails or numbers",
    "X7": "Every act that changes money, documents or access is in the audit log",
    "X8": "Operators work in the admin: allowing, quoting, matching, writing off",
    "X9": "Tax once per rate and document, in the tenant's rounding",
    "X10": "Which version of the policy holds",
    "X11": "Deposits are reported at the end of March and September",
}
"""The rules of the finished parts, in our own words."""

_HEAD = """\
# Which story shows which rule

Made by `./manage.py rules_table`; do not edit. Each rule is shown by stories under `playbooks/stories`, which
`./manage.py playbook` runs, and by the tests named in its row.

| rule | what it says | shown by |
|---|---|---|
"""

TESTS: Mapping[str, tuple[str, ...]] = {
    "A8": ("tests/web/test_document_links.py",),
    "X6": ("tests/tenancy/test_walls.py", "tests/tenancy/test_every_model.py"),
    "X8": ("tests/admin/test_acts.py",),
}
"""What a story cannot show alone: several tenants, files, the pages of operators."""


def stories_by_rule(files: Iterable[Path]) -> dict[str, list[str]]:
    """The names of the stories that name each rule, sorted."""
    found: dict[str, list[str]] = {}
    for file in sorted(files):
        for rule in load_file(str(file)).playbook.rules:
            found.setdefault(rule, []).append(file.stem)
    return found


def missing(shown: Mapping[str, object]) -> list[str]:
    """The rules of finished parts that no story shows."""
    return [rule for rule in RULES if rule not in shown]


def table() -> str:
    """The whole of docs/rules.md."""
    shown = stories_by_rule(STORIES.glob("*.yaml"))
    return _HEAD + "".join(_row(rule, text, shown.get(rule, [])) for rule, text in RULES.items())


def _row(rule: str, text: str, stories: list[str]) -> str:
    names = [f"`{name}`" for name in stories]
    tests = [f"`{path}`" for path in TESTS.get(rule, ())]
    return f"| {rule} | {text} | {', '.join([*names, *tests]) or '—'} |\n"

"""Writing journal files, and the tenant's names of accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.policy.choices import TaxCategory
from billing_project import clock
from billing_project.audit.services import current_actor, record
from billing_project.calendar import Month
from billing_project.errors import Code, Refusal
from billing_project.tenancy.bulk import insert_rows
from billing_project.tenancy.context import current_tenant_id
from ledger.journal.defaults import Key
from ledger.journal.formats import Changes, file_of
from ledger.journal.rules import Booked, JournalRow, MissingName, rows_of, side_of
from ledger.journal.selectors import Outlook, files_of, names, not_exported, outlook
from ledger.models import Account, JournalExport, JournalExported, JournalFormat, JournalMapping

_LOCK = 4_212
MAX_NAME = 50
TOLD_EVERY = 1_000

Told = Callable[[int], None]
"""Hears how many entries have been written so far."""


def outlook_of_journal(*, month: Month, format: str) -> Outlook:
    """What a file of the month would hold now: entries that are in none.

    Raises Refusal `journal_account_missing` for an account without a name, naming it.
    """
    found, known = outlook(month, format), names(format)
    try:
        for account, category, rate in found.keys:
            # Tax goes into the row of its sales, as a rule: then its own account is not needed.
            if account != Account.TAX_PAYABLE:
                side_of(Booked(account, 1, category, rate), known)
    except MissingName as missing:
        raise _without_name(missing, format) from missing
    return found


@dataclass(slots=True)
class _Draft:
    """The rows of a file on their way: which entries they are of, and the sum of the debits in yen."""

    told: Told
    entry_ids: list[int] = field(default_factory=list)
    debit: int = 0

    def rows(self, month: Month, format: str) -> Iterator[JournalRow]:
        known = names(format)
        for entry_id, journal in not_exported(month, format):
            for row in rows_of(journal, known):
                self.debit += row.debit.amount if row.debit else 0
                yield row
            self.entry_ids.append(entry_id)
            if len(self.entry_ids) % TOLD_EVERY == 0:
                self.told(len(self.entry_ids))


def _drafted(month: Month, format: str, told: Told) -> tuple[_Draft, bytes, Changes]:
    draft = _Draft(told)
    try:
        content, changes = file_of(format, draft.rows(month, format))
    except MissingName as missing:
        raise _without_name(missing, format) from missing
    return draft, content, changes


def _without_name(missing: MissingName, format: str) -> Refusal:
    return Refusal(
        Code.JOURNAL_ACCOUNT_MISSING,
        _("%(account)s has no name in %(format)s. Please enter one among the accounts in the journal."),
        account=label_of(missing.key),
        format=str(JournalFormat(format).label),
    )


def label_of(key: Key) -> str:
    """An account with its category and rate, as people read it."""
    account, category, rate = key
    words = [str(Account(account).label)]
    if category:
        words.append(str(TaxCategory(category).label) if category in TaxCategory.values else category)
    return " ".join([*words, *([] if rate is None else [f"{rate}%"])])


@transaction.atomic
def export_journal(*, month: Month, format: str, told: Told = lambda _entries: None) -> JournalExport:
    """Writes a file of what is in none; when there is nothing new it is the month's last file again.

    `told` hears how far it is. Raises Refusal `journal_account_missing`, `nothing_to_export` for a month
    without entries.
    """
    _one_after_the_other()
    before = list(files_of(month, format).defer("content"))
    draft, content, changes = _drafted(month, format, told)
    if not draft.entry_ids:
        if not before:
            raise Refusal(Code.NOTHING_TO_EXPORT)
        return before[-1]
    export: JournalExport = JournalExport.objects.create(
        format=format,
        month=str(month),
        number=len(before) + 1,
        content=content,
        sha256=sha256(content).hexdigest(),
        entries=len(draft.entry_ids),
        total=draft.debit,
        replaced=dict(changes.replaced),
        shortened=changes.shortened,
        written_at=clock.now(),
        written_by=current_actor().label,
    )
    insert_rows([JournalExported(export=export, format=format, entry_id=pk) for pk in draft.entry_ids])
    record("journal_exported", export, entries=export.entries, total=export.total, sha256=export.sha256)
    return export


def _one_after_the_other() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, current_tenant_id()])


@transaction.atomic
def name_account(
    *,
    format: str,
    key: Key,
    account_name: str,
    sub_account: str = "",
    tax_code: str = "",
    return_tax_code: str = "",
) -> JournalMapping:
    """What the account is called in the program from now on; files that were written stay.

    Raises Refusal `invalid_input` for a category or rate that an account cannot have.
    """
    account, category, rate = key
    has_rate = account in (Account.SALES, Account.BAD_DEBT)
    if not has_rate and (category or rate is not None):
        raise Refusal(Code.INVALID_INPUT, _("Only sales and bad debt are named by tax category and rate."))
    given = {
        "account_name": account_name.strip(),
        "sub_account": sub_account.strip(),
        "tax_code": tax_code.strip(),
        "return_tax_code": return_tax_code.strip(),
    }
    mapping: JournalMapping
    mapping, _is_new = JournalMapping.objects.update_or_create(
        format=format, account=account, tax_category=category, tax_rate=rate, defaults=given
    )
    record("journal_account_named", mapping, **given, tax_category=category, tax_rate=rate)
    return mapping

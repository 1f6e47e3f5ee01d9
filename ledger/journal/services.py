"""Writing journal files, and the tenant's names of accounts."""

from __future__ import annotations

from dataclasses import dataclass
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
from ledger.journal.rules import JournalRow, MissingName, rows_of
from ledger.journal.selectors import files_of, names, not_exported
from ledger.models import Account, JournalExport, JournalExported, JournalFormat, JournalMapping

_LOCK = 4_212
MAX_NAME = 50


@dataclass(frozen=True, slots=True)
class Draft:
    """A file that has not been written: its entries, its bytes, the sums of both sides in yen."""

    entry_ids: list[int]
    content: bytes
    debit: int
    credit: int
    changes: Changes


def draft_journal(*, month: Month, format: str) -> Draft:
    """What a file of the month would hold now: entries that are in none.

    Raises Refusal `journal_account_missing` for an account without a name, naming it.
    """
    entries = not_exported(month, format)
    known = names(format)
    try:
        rows = [row for _pk, journal in entries for row in rows_of(journal, known)]
    except MissingName as missing:
        raise Refusal(
            Code.JOURNAL_ACCOUNT_MISSING,
            _("%(account)s has no name in %(format)s. Please enter one among the accounts in the journal."),
            account=label_of(missing.key),
            format=str(JournalFormat(format).label),
        ) from missing
    content, changes = file_of(format, rows)
    return Draft(
        [pk for pk, _journal in entries], content, _sum(rows, "debit"), _sum(rows, "credit"), changes
    )


def _sum(rows: list[JournalRow], name: str) -> int:
    return sum(side.amount for row in rows if (side := getattr(row, name)) is not None)


def label_of(key: Key) -> str:
    """An account with its category and rate, as people read it."""
    account, category, rate = key
    words = [str(Account(account).label)]
    if category:
        words.append(str(TaxCategory(category).label) if category in TaxCategory.values else category)
    return " ".join([*words, *([] if rate is None else [f"{rate}%"])])


@transaction.atomic
def export_journal(*, month: Month, format: str) -> JournalExport:
    """Writes a file of what is in none; when there is nothing new it is the month's last file again.

    Raises Refusal `journal_account_missing`, `nothing_to_export` for a month without entries.
    """
    _one_after_the_other()
    draft, before = draft_journal(month=month, format=format), list(files_of(month, format).defer("content"))
    if not draft.entry_ids:
        if not before:
            raise Refusal(Code.NOTHING_TO_EXPORT)
        return before[-1]
    export: JournalExport = JournalExport.objects.create(
        format=format,
        month=str(month),
        number=len(before) + 1,
        content=draft.content,
        sha256=sha256(draft.content).hexdigest(),
        entries=len(draft.entry_ids),
        total=draft.debit,
        replaced=dict(draft.changes.replaced),
        shortened=draft.changes.shortened,
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

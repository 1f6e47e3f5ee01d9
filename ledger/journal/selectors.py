"""Which entries a file of a month holds, and under which names; asked in the tenant's context."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Sum

from billing_project.calendar import Month
from billing_project.tenancy.context import current_tenant_id
from ledger.journal.defaults import Key, Name, names_of
from ledger.journal.rules import Booked, Journal
from ledger.models import JournalExport, JournalMapping, Line, Reason

AT_ONCE = 2_000

# In Japanese whoever asks: a file is the same for everybody.
TEXTS: dict[str, str] = {
    Reason.DOCUMENT: "請求",
    Reason.PAYMENT: "入金",
    Reason.DEPOSIT_USED: "前受金充当",
    Reason.TO_DEPOSIT: "前受金へ振替",
    Reason.MATCHED: "入金消込",
    Reason.REVERSAL: "取消",
    Reason.SENT_BACK: "組戻し",
    Reason.CARD_CHARGED: "カード決済",
    Reason.CARD_REFUNDED: "カード返金",
    Reason.CARD_REFUND_FAILED: "カード返金不成立",
    Reason.CHARGEBACK: "チャージバック",
    Reason.CHARGEBACK_REVERSED: "チャージバック取消",
    Reason.CARD_SETTLED: "カード会社入金",
    Reason.PAYOUT_ASKED: "返金申請",
    Reason.PAYOUT_EXECUTED: "返金振込",
    Reason.PAYOUT_FEE: "返金振込手数料",
    Reason.PAYOUT_RETURNED: "返金振込不能",
    Reason.PAYOUT_WITHDRAWN: "返金申請取消",
    Reason.WRITTEN_OFF: "貸倒",
    Reason.RECOVERED: "貸倒回収",
    Reason.WRITE_OFF_RETURNED: "貸倒の返品",
    Reason.CORRECTED: "修正",
}


def names(format: str) -> dict[Key, Name]:
    """The program's usual names, with what the tenant has changed; a tax code left empty is the usual one."""
    found = names_of(format)
    for row in JournalMapping.objects.filter(format=format):
        key = (row.account, row.tax_category, row.tax_rate)
        usual = found.get(key, Name(""))
        found[key] = Name(
            row.account_name,
            row.sub_account,
            row.tax_code or usual.tax_code,
            row.return_tax_code or usual.return_tax_code,
        )
    return found


def files_of(month: Month, format: str) -> QuerySet[JournalExport]:
    """The files of the month so far, in their order."""
    found: QuerySet[JournalExport] = JournalExport.objects.filter(month=str(month), format=format)
    return found.order_by("number")


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is in no file yet: so many entries, the sums of both sides in yen, and the accounts they use."""

    entries: int
    debit: int
    credit: int
    keys: list[Key]


def outlook(month: Month, format: str) -> Outlook:
    """Of what `not_exported` gives one by one; asked in sums, however much it is."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, _asked(month, format))
        [entries] = cursor.fetchone()
        cursor.execute(_SUMS, _asked(month, format))
        sums = cursor.fetchall()
    debit, credit = (int(sum(row[place] for row in sums)) for place in (3, 4))
    return Outlook(entries, debit, credit, [row[:3] for row in sums])


def not_exported(month: Month, format: str) -> Iterator[tuple[int, Journal]]:
    """Entries of the month, by date of account, that are in no file of the format; with their ids.

    They are numbered on from the month's files before, and read bit by bit in the caller's transaction.
    """
    known = files_of(month, format).aggregate(sum=Sum("entries", default=0))["sum"]
    with connection.chunked_cursor() as cursor:
        cursor.execute(_LINES, _asked(month, format))
        yield from _journals(_rows(cursor), known)


def _asked(month: Month, format: str) -> dict[str, Any]:
    return {
        "tenant": current_tenant_id(),
        "format": format,
        "first": month.first_day,
        "last": month.last_day,
    }


def _rows(cursor: Any) -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(AT_ONCE):
        yield from rows


def _journals(rows: Iterator[tuple[Any, ...]], known: int) -> Iterator[tuple[int, Journal]]:
    for index, (head, lines) in enumerate(groupby(rows, key=lambda row: row[:4])):
        entry_id, booked_on, reason, memo = head
        booked = [Booked(*line[4:]) for line in lines]
        who = next((line.customer_name for line in booked if line.customer_name), "")
        text = " ".join(part for part in (TEXTS.get(reason, reason), memo, who) if part)
        yield entry_id, Journal(known + index + 1, booked_on, text, booked)


def ledger_sum(entry_ids: list[int]) -> int:
    """The debits of the entries, in yen."""
    debits = Line.objects.filter(entry__in=entry_ids, amount__gt=0)
    return int(debits.aggregate(sum=Sum("amount", default=0))["sum"])


_WITH_LINES = "JOIN ledger_line l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id"
_NOT_EXPORTED = """WHERE e.tenant_id = %(tenant)s AND e.booked_on BETWEEN %(first)s AND %(last)s
  AND NOT EXISTS (SELECT FROM ledger_journalexported x
                  WHERE x.tenant_id = e.tenant_id AND x.format = %(format)s AND x.entry_id = e.id)"""

_COUNT = f"SELECT count(*) FROM ledger_entry e {_NOT_EXPORTED}"  # noqa: S608

_SUMS = f"""
SELECT l.account, l.tax_category, l.tax_rate,
       sum(greatest(l.amount, 0)), sum(greatest(-l.amount, 0))
FROM ledger_entry e {_WITH_LINES} {_NOT_EXPORTED}
GROUP BY l.account, l.tax_category, l.tax_rate ORDER BY l.account, l.tax_category, l.tax_rate
"""  # noqa: S608

_LINES = f"""
SELECT e.id, e.booked_on, e.reason, e.memo,
       l.account, l.amount, l.tax_category, l.tax_rate, coalesce(c.code, ''), coalesce(c.name, '')
FROM ledger_entry e {_WITH_LINES}
LEFT JOIN accounts_customer c ON c.tenant_id = l.tenant_id AND c.id = l.customer_id
{_NOT_EXPORTED}
ORDER BY e.booked_on, e.id, l.id
"""  # noqa: S608

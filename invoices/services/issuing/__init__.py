"""Issuing documents: one set-based piece of SQL per run, for a whole closing or for one customer's charges.

All statements run in the caller's transaction, so that documents, numbers, ledger and mails come together or
not at all. `invoices.tax` says the same about tax in Python; a property test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.policy.choices import PaymentMethod
from billing_project import clock
from billing_project.money import Rounding
from billing_project.outbox.services import send_waiting_after_commit
from billing_project.tenancy.context import current_tenant_id
from invoices.models import Charge, Closing, Document, DocumentKind, IssuerSnapshot
from invoices.services.issuer import issuer_snapshot
from invoices.services.issuing import checks, deposits, figures, select, write
from invoices.services.settlement import settle_return
from invoices.signals import open_items_changed
from ledger.services import lock_balance

PREFIXES = {
    DocumentKind.INVOICE: "INV",
    DocumentKind.DELIVERY_NOTE: "DN",
    DocumentKind.RETURN_INVOICE: "RET",
    DocumentKind.CORRECTED_INVOICE: "COR",
    DocumentKind.PAYMENT_STATEMENT: "STM",
    DocumentKind.PLAIN_INVOICE: "PLN",
}
ANALYSE = "ANALYZE issue_line (document), issue_tax (document), issue_document (document, customer_id)"
FEW_LINES = 200
NO_DAY = date.min
NO_MOMENT = "-infinity"


@dataclass(frozen=True, slots=True)
class Issued:
    """What a run issued; sums in yen. `negative_ids` are documents that give money back.

    `left_out`: customers whom a closing could not bill, by id, and what their documents would lack.
    """

    documents: int = 0
    lines: int = 0
    net: int = 0
    tax: int = 0
    total: int = 0
    deposit_applied: int = 0
    document_ids: tuple[int, ...] = ()
    negative_ids: tuple[int, ...] = ()
    left_out: Mapping[int, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a run is issued. `due_on` is by payment method; a method that is not there has none.

    `kind` None: an invoice, or a plain invoice where nothing is taxable. `booked_from`: the date of account
    is this day or the latest transaction date, whichever is later; None: the issue day.

    For documents that are paid for before they are issued: `from_deposit` is the most, in yen, that the
    document says deposit has paid of it, `paid_before` the most that it says was paid otherwise (a card, an
    advance transfer). The document stays open in full: the caller books these sums and allocates them.

    `issuer` None: the issuer as it stands today.
    """

    issued_on: date
    rounding: Rounding
    apply_deposit: bool
    due_on: Mapping[PaymentMethod, date]
    kind: DocumentKind | None = None
    booked_from: date | None = None
    mail: bool = True
    from_deposit: int = 0
    paid_before: int = 0
    issuer: IssuerSnapshot | None = None


@transaction.atomic
def issue_documents_of_closing(
    *, closing: Closing, terms: Terms, customers: Sequence[int] | None = None
) -> Issued:
    """One document per customer, addressee, method and way of pricing, of what the closing holds (A7).

    The caller has shut the gate. Charges that a document names are left out: a second run adds nothing.
    A customer of whose documents one would lack something is left out as a whole. `customers`: of these ids
    alone. Raises Refusal `not_conforming` for what all documents would lack, or very many.
    """
    period = {
        "closes_on": closing.closes_on,
        "closed_at": closing.closed_at,
        "after_on": closing.after_on or NO_DAY,
        "after_at": closing.after_at or NO_MOMENT,
        "closing": closing.pk,
        "customers": customers,
    }
    _forget_plans()
    return _issue(select.LINES_OF_CLOSING, terms, period, leaves_out=True)


@transaction.atomic
def issue_documents_of_charges(
    *, charges: Sequence[Charge], terms: Terms, original: Document | None = None, reason: str = ""
) -> list[Document]:
    """Documents for exactly these charges, such as a delivery note; grouped as in a closing.

    A return names its `original`, of which it takes back tax as X9 says; a corrected document the one that it
    replaces. The caller has passed the gate.
    Raises Refusal `not_conforming`; IntegrityError when a document names one of the charges already.
    """
    if original is not None:
        lock_balance(original.customer_id)  # another return of the same document would take the same rest
    ids = [charge.pk for charge in charges]
    selection = {
        "charges": ids,
        "original": original and original.pk,
        "returns_of": original and original.pk if terms.kind == DocumentKind.RETURN_INVOICE else None,
        "reason": reason,
    }
    issued = _issue(select.LINES_OF_CHARGES, terms, selection)
    documents = list(_documents(issued))
    for document in documents:
        checks.check_document(document)
    return documents


def _documents(issued: Issued) -> QuerySet[Document]:
    found: QuerySet[Document] = Document.objects.filter(pk__in=issued.document_ids).order_by("id")
    return found.select_related("issuer", "addressee", "customer", "original__issuer")


def _issue(lines: str, terms: Terms, selection: Mapping[str, Any], *, leaves_out: bool = False) -> Issued:
    issuer = terms.issuer or issuer_snapshot()
    checks.check_issuer(issuer)
    parameters = {**_parameters(terms, issuer), **selection}
    with connection.cursor() as cursor:
        cursor.execute(lines, parameters)
        lines_left, left_out = _prepare(cursor, parameters, cursor.rowcount, leaves_out=leaves_out)
        issued = _write(cursor, terms, parameters, lines_left) if lines_left else Issued()
        cursor.execute("DROP TABLE IF EXISTS issue_line, issue_tax, issue_document, issue_deposit")
    for document in Document.objects.filter(pk__in=issued.negative_ids).order_by("customer_id", "id"):
        settle_return(document=document)
    if issued.documents and terms.mail:
        send_waiting_after_commit(mails=issued.documents)
    return replace(issued, left_out=left_out)


def _prepare(
    cursor: Any, parameters: Mapping[str, Any], line_count: int, *, leaves_out: bool
) -> tuple[int, dict[int, list[str]]]:
    """The documents to be, judged before anything is locked or written; how many lines they have."""
    if not line_count:
        return 0, {}
    analyse = (ANALYSE,) if line_count > FEW_LINES else ()
    made = (figures.TAXES, figures.DOCUMENTS, *analyse)
    _run(cursor, made, parameters)
    if not leaves_out:
        checks.check_run(cursor, parameters)
        return line_count, {}
    left_out = checks.to_be_left_out(cursor, parameters)
    if left_out:
        cursor.execute(select.LEAVE_OUT, {"left_out": list(left_out)})
        line_count -= cursor.rowcount
        _run(cursor, (select.MAKE_ANEW, *made), parameters)
    return line_count, left_out


def _write(cursor: Any, terms: Terms, parameters: Mapping[str, Any], line_count: int) -> Issued:
    mails = (write.MAILS,) if terms.mail else ()
    _run(cursor, (write.BALANCES, write.COUNTERS), parameters)
    pays = terms.apply_deposit and _ask(cursor, deposits.ANY_FREE, parameters)
    before, after = (deposits.BEFORE_DOCUMENTS, deposits.AFTER_DOCUMENTS) if pays else ((), ())
    _run(cursor, (*before, *write.WRITES, *mails, *after), parameters)
    if pays:
        cursor.execute(deposits.CUSTOMERS_OF_OLD_ITEMS)
        open_items_changed.send(None, customer_ids={found[0] for found in cursor.fetchall()})
    cursor.execute(write.SUMMARY)
    net, tax, total, deposit, ids, negative_ids = cursor.fetchone()
    return Issued(len(ids), line_count, net, tax, total, deposit, tuple(ids), tuple(negative_ids))


def _run(cursor: Any, statements: Iterable[str], parameters: Mapping[str, Any]) -> None:
    """All statements in one message to the server: a small run is mostly waiting for answers."""
    cursor.execute(";".join(statements), parameters)


def _ask(cursor: Any, question: str, parameters: Mapping[str, Any]) -> bool:
    cursor.execute(question, parameters)
    return bool(cursor.fetchone()[0])


def _parameters(terms: Terms, issuer: IssuerSnapshot) -> dict[str, Any]:
    return {
        "tenant": current_tenant_id(),
        "now": clock.now(),
        "issuer": issuer.pk,
        "charges_tax": issuer.content["charges_tax"],
        "issued_on": terms.issued_on,
        "year": terms.issued_on.year,
        "booked_from": terms.booked_from,
        "rounding": terms.rounding,
        "kind": terms.kind,
        "methods": list(terms.due_on),
        "due_on": list(terms.due_on.values()),
        "kinds": list(PREFIXES),
        "prefixes": list(PREFIXES.values()),
        "closing": None,
        "original": None,
        "returns_of": None,
        "reason": "",
        "from_deposit": terms.from_deposit,
        "paid_before": terms.paid_before,
    }


def _forget_plans() -> None:
    """A foreign key's check keeps the plan it made when its table was small: a scan for every row written."""
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")

"""Correcting a document (X1): a new one restates everything, names it and says why; both are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Addressee
from accounts.policy.choices import PaymentMethod, PriceEntry
from accounts.selectors import policy_on
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.money import Rounding
from billing_project.tenancy.lookup import current_tenant
from invoices import correction_rules as rules
from invoices.correction_rules import CorrectedAddressee, CorrectedLine
from invoices.models import Charge, Document, DocumentKind, IssuerSnapshot
from invoices.selectors import correction_of
from invoices.services.correcting.charging import rated, record_correcting_charges
from invoices.services.correcting.effect import CorrectionEffect, effect_of
from invoices.services.correcting.paying import (
    Payments,
    is_written_off,
    plan_payments,
    settle_correction,
)
from invoices.services.correcting.standing import Standing, standing_of
from invoices.services.gate import pass_gate
from invoices.services.issuer import issuer_snapshot
from invoices.services.issuing import Terms, issue_documents_of_charges
from invoices.services.previews import rolled_back
from invoices.tax import summarise_rated
from ledger.services import lock_balance

__all__ = [
    "CorrectionEffect",
    "correct_document",
    "effect_of",
    "lines_to_correct",
    "preview_correction",
]


@transaction.atomic
def correct_document(
    *,
    document: Document,
    lines: Sequence[CorrectedLine],
    reason: str,
    addressee: CorrectedAddressee | None = None,
) -> Document:
    """Issues today the corrected document that replaces this one, with exactly these lines, and mails it.

    What return invoices took back of the document is left out; they are taken in by the corrected one. The
    ledger gets the reversal of what stood and the new document; what was paid pays the new one, a surplus
    becomes free deposit. `addressee` None leaves the names as they are. Rounding and pricing stay.

    Raises Refusal `already_corrected`, `not_correctable`, `nothing_changed`, `invalid_input`,
    `invalid_amount`, `invalid_date`, `no_tax_rate` or `not_conforming`.
    """
    pass_gate()
    lock_balance(document.customer_id)
    standing = standing_of(document)
    _check_state(document, standing)
    today = clock.today(current_tenant().zone)
    text = rules.check_reason(reason)
    rules.check_lines(lines, standing.lines, today)
    printed_to, issuer = _addressee(document, addressee), _issuer(document)
    same_names = printed_to.pk == document.addressee_id and _says(issuer) == _says(document.issuer)
    if same_names and not rules.is_changed(lines, standing.lines):
        raise Refusal(Code.NOTHING_CHANGED)
    charges = record_correcting_charges(document, standing, lines, printed_to, today)
    policy = policy_on(today)
    plan = plan_payments(document, standing, _total(document, charges), policy, today)
    corrected = _issue(document, charges, plan, text, issuer)
    settle_correction(document, corrected, standing, plan)
    record("document_corrected", document, by=corrected.number, reason=text)
    record("correction_issued", corrected, of=document.number, before=standing.total, after=corrected.total)
    return corrected


def preview_correction(
    *,
    document: Document,
    lines: Sequence[CorrectedLine],
    reason: str,
    addressee: CorrectedAddressee | None = None,
) -> CorrectionEffect:
    """What `correct_document` would come to now: done for real and undone. Raises what it raises."""
    return rolled_back(
        lambda: effect_of(
            correct_document(document=document, lines=lines, reason=reason, addressee=addressee)
        )
    )


def lines_to_correct(document: Document) -> tuple[rules.StandingLine, ...]:
    """The lines that stand, in order: what the corrected document states where nothing is changed.

    Raises Refusal `already_corrected`, `not_correctable` for what cannot be corrected, whatever the change.
    """
    standing = standing_of(document)
    _check_state(document, standing)
    return standing.lines


def _check_state(document: Document, standing: Standing) -> None:
    newer = correction_of(document)
    if newer is not None:
        message = _("This document has been replaced by %(number)s. Correct the newest document instead.")
        raise Refusal(Code.ALREADY_CORRECTED, message, number=_newest(newer).number)
    rules.check_kind(document.kind)
    if standing.total < 0 or all(line.fixed for line in standing.lines):
        raise Refusal(
            Code.NOT_CORRECTABLE,
            _("Everything on this document was cancelled and returned: nothing is left to correct."),
        )
    if is_written_off(document):
        raise Refusal(
            Code.NOT_CORRECTABLE, _("This document was written off. A debt given up is not billed anew.")
        )


def _newest(document: Document) -> Document:
    newer = correction_of(document)
    return _newest(newer) if newer else document


def _addressee(document: Document, wanted: CorrectedAddressee | None) -> Addressee:
    old: Addressee = document.addressee
    if wanted is None:
        return old
    rules.check_addressee(wanted)
    addressee: Addressee = Addressee.objects.get_or_create(
        customer_id=document.customer_id,
        company_name=wanted.company_name.strip(),
        department=wanted.department.strip(),
        contact_name=wanted.contact_name.strip(),
        postcode=old.postcode,
        address=old.address,
    )[0]
    return addressee


def _issuer(document: Document) -> IssuerSnapshot:
    """What the issuer says of itself today, since that may be what was wrong.

    Since then it has begun or ceased to charge tax: then as it was, for so were the sales.
    """
    old: IssuerSnapshot = document.issuer
    today = issuer_snapshot()
    return today if today.content["charges_tax"] == old.content["charges_tax"] else old


def _says(issuer: IssuerSnapshot) -> list[Any]:
    """What of the issuer can make a document wrong: not its looks, bank accounts and notes."""
    return [issuer.content[name] for name in ("name", "registration_number", "postcode", "address", "phone")]


def _total(document: Document, charges: Sequence[Charge]) -> int:
    pricing = PriceEntry.TAX_INCLUSIVE if document.tax_inclusive else PriceEntry.TAX_EXCLUSIVE
    amounts = rated(charges, taxed=document.issuer.content["charges_tax"])
    total = sum(each.gross for each in summarise_rated(amounts, pricing, Rounding(document.tax_rounding)))
    if total < 0:
        raise Refusal(
            Code.INVALID_AMOUNT,
            _("The corrected document would come to less than nothing. Cancel what was sold instead."),
        )
    return total


def _issue(
    document: Document, charges: Sequence[Charge], plan: Payments, reason: str, issuer: IssuerSnapshot
) -> Document:
    terms = Terms(
        issued_on=clock.today(current_tenant().zone),
        rounding=Rounding(document.tax_rounding),
        apply_deposit=False,
        due_on={PaymentMethod(document.payment_method): plan.due_on},
        kind=DocumentKind.CORRECTED_INVOICE,
        issuer=issuer,
        from_deposit=plan.deposit,
        paid_before=plan.otherwise,
    )
    [corrected] = issue_documents_of_charges(charges=charges, terms=terms, original=document, reason=reason)
    return corrected

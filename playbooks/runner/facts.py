"""What stands in the database, in the words of the file."""

from invoices.models import Document
from playbooks.runner.compare import Facts
from playbooks.runner.world import World


def document_facts(world: World, document: Document) -> Facts:
    """A document as `expect` speaks of it; a frozenset holds the spellings that are accepted."""
    addressee = document.addressee
    company, contact = addressee.company_name, addressee.contact_name
    dates = document.lines.order_by("transaction_date").values_list("transaction_date", flat=True)
    return {
        "kind": document.kind,
        "customer": world.name_of(document.customer_id),
        "number": document.number,
        "issued": document.issued_on,
        "transaction": tuple(dates.distinct()),
        "due": document.due_on,
        "subtotal": document.net_total,
        "tax": {tax.tax_category: tax.tax for tax in document.taxes.all()},
        "total": document.total,
        "carried_over": document.carried_over,
        "deposit_applied": document.deposit_applied,
        "to_pay": document.to_pay,
        "addressee": frozenset({company, contact, f"{company} {contact}".strip()} - {""}),
        "of": _place(document),
    }


def _place(document: Document) -> int | None:
    """Which of the customer's documents, from 1, it undoes."""
    if document.original_id is None:
        return None
    return Document.objects.filter(customer=document.customer_id, pk__lte=document.original_id).count()

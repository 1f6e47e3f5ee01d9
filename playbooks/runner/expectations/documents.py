"""`documents`: the complete list of what was issued since it was last asked for."""

from collections.abc import Sequence

from invoices.models import Document
from playbooks.format.expect import ExpectedDocument
from playbooks.runner.compare import Facts, complete_list
from playbooks.runner.facts import document_facts
from playbooks.runner.world import World


def check_documents(world: World, expected: Sequence[ExpectedDocument]) -> list[str]:
    fresh = list(
        Document.objects.exclude(pk__in=world.seen.documents).select_related("addressee").order_by("pk")
    )
    world.seen.documents.update(document.pk for document in fresh)
    found = [document_facts(world, document) for document in fresh]
    lines = complete_list("documents", [_facts(document) for document in expected], found)
    return lines + [line for document in expected if document.numbers for line in _gaps(document.kind)]


def _facts(expected: ExpectedDocument) -> Facts:
    return expected.model_dump(exclude_none=True, exclude={"numbers"})


def _gaps(kind: str) -> list[str]:
    """The numbers of a kind run from 1 in each year (X2)."""
    serials: dict[int, list[int]] = {}
    for year, serial in Document.objects.filter(kind=kind).values_list("year", "serial"):
        serials.setdefault(year, []).append(serial)
    return [
        f"documents: expected the numbers of {kind} in {year} to run from 1, found {sorted(found)}"
        for year, found in serials.items()
        if sorted(found) != list(range(1, len(found) + 1))
    ]

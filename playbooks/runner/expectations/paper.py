"""`print_queue`: the days on which documents were asked for on paper (A18)."""

from collections.abc import Sequence

from invoices.services.paper import queue_days
from playbooks.format.expect import ExpectedQueueDay
from playbooks.runner.compare import complete_list
from playbooks.runner.world import World


def check_print_queue(_world: World, expected: Sequence[ExpectedQueueDay]) -> list[str]:
    """Every day of the queue, as it stands now."""
    found = [{"day": each.day, "documents": each.documents, "waiting": each.waiting} for each in queue_days()]
    return complete_list("print_queue", [item.model_dump(exclude_none=True) for item in expected], found)

"""The file format of playbooks: reading and checking, without database and clock."""

from playbooks.format.document import Document
from playbooks.format.errors import InvalidPlaybook, Problem
from playbooks.format.load import Story, load_file, load_text
from playbooks.format.playbook import Playbook, Refused, Step

__all__ = [
    "Document",
    "InvalidPlaybook",
    "Playbook",
    "Problem",
    "Refused",
    "Step",
    "Story",
    "load_file",
    "load_text",
]

"""The board of operators, dunning on other pages, and what they do about it."""

from payments.admin.dunning import acts, board, bulk, sections

__all__ = ["acts", "board", "bulk", "sections"]

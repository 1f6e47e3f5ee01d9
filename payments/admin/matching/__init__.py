"""Money and whose it is: sections, acts, and cancellations that wait."""

from payments.admin.matching import acts, cancellations, sections

__all__ = ["acts", "cancellations", "sections"]

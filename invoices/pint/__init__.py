"""JP PINT 1.1.3 (Peppol): the same document as its PDF, as UBL 2.1 for a machine.

`write_pint` writes it, `problems_of` finds what the official rules let pass, `official` runs those rules.
"""

from invoices.pint.checks import problems_of
from invoices.pint.writer import write_pint

__all__ = ["problems_of", "write_pint"]

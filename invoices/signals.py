"""What happens to documents and is heard on the floors above; sent inside the transaction of the act."""

from django.dispatch import Signal

return_exceeds_open = Signal()
"""`document`: a return, `document_ids`: what it undoes, `amount`: yen of it that are not open there. Who
closed them without money opens that much again now; what stays closed was paid. The balance is locked."""

open_items_changed = Signal()
"""`customer_ids`: something was paid, returned, written off or opened again on documents of theirs."""

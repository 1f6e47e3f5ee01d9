"""What happens to documents and is heard on the floors above; sent inside the transaction of the act."""

from django.dispatch import Signal

open_items_changed = Signal()
"""`customer_ids`: something was paid, returned, written off or opened again on documents of theirs."""

"""What happens here and is heard on the floors above; sent inside the transaction of the act."""

from django.dispatch import Signal

tenant_created = Signal()
"""`tenant`, `preset`: in the new tenant's context."""

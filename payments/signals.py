"""What happens to money and is heard on the floors above; sent inside the transaction of the act."""

from django.dispatch import Signal

payment_received = Signal()
"""`customer_ids`: money of theirs arrived and is booked: what documents did not take is free deposit now."""

card_payment_succeeded = Signal()
"""`card_payment`, locked: the card was charged. A receiver books it, for what it was asked for, or gives it
back; of several tellings only the first sends this."""

card_payment_failed = Signal()
"""`card_payment`: the card company refused it (its `decline_code` says why); nothing was charged."""

card_payment_needs_customer = Signal()
"""`card_payment`: the card holder has to confirm it at its `confirm_url` before it is charged."""

dunning_changed = Signal()
"""`customer`, `taken`: steps in force now that were not before, `lifted`: those no longer in force."""

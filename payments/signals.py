"""What happens to money and is heard on the floors above; sent inside the transaction of the act."""

from django.dispatch import Signal

payment_received = Signal()
"""`customer_ids`: money of theirs arrived and is booked: what documents did not take is free deposit now."""

deposit_wanted = Signal()
"""`customer_id`, `amount`: a match is undone and its money, in yen, has to be free deposit; the customer's
balance is locked. Who has a claim on it that may be given up gives it up."""

card_payment_answered = Signal()
"""`card_payment`, not locked yet: the provider's answer is about to be written down. A receiver that will
need the billing gate or an order takes their locks now: both come before the card payment's. A receiver
leaves alone what is not its own: it looks the reference up and may find nothing."""

card_payment_succeeded = Signal()
"""`card_payment`, locked: the card was charged. A receiver books it, for what it was asked for, or gives it
back; of several tellings only the first sends this. What no receiver books becomes free deposit."""

card_payment_failed = Signal()
"""`card_payment`: the card company refused it (its `decline_code` says why); nothing was charged."""

card_payment_needs_customer = Signal()
"""`card_payment`: the card holder has to confirm it at its `confirm_url`, a page of ours for the signed-in
customer, before it is charged."""

card_payment_charged_back = Signal()
"""`card_payment`, `amount` in yen: the card company took it back; booked, and its document open again."""

card_payment_reinstated = Signal()
"""`card_payment`, locked, `amount` in yen: a dispute about it was won, and this much of the money that came
back is free deposit, for no document wants it."""

card_saved = Signal()
"""`setup`, `card`: a card was saved; `setup.purpose` and `setup.reference` say what waits for it."""

card_removed = Signal()
"""`card`: its holder took it away; it cannot be charged any more."""

dunning_changed = Signal()
"""`customer`, `taken`: steps in force now that were not before, `lifted`: those no longer in force."""

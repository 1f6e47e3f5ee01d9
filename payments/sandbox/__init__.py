"""An imitation of the part of Stripe's API that we use, for the demo and tests, in a process of its own.

It knows nothing of the product: `./manage.py stripe_sandbox` serves it, and the product reaches it through
Stripe's own SDK as it reaches Stripe. Nothing here ever meets a real card.
"""

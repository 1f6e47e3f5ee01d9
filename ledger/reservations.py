"""Reserved deposit: what orders and refunds under way have a claim on, so that nothing else uses it."""

from __future__ import annotations

from ledger.models import CustomerBalance, Reservation, ReservedFor
from ledger.services import lock_balance


def reserve(*, customer_id: int, purpose: ReservedFor, source_id: int, amount: int) -> Reservation:
    """Adds to a reservation, in yen. ValueError when the free deposit does not cover it: ask `free` first."""
    balance = lock_balance(customer_id)
    if amount < 0 or amount > free(balance):
        raise ValueError(f"{amount} yen cannot be reserved of {free(balance)}.")
    reservation: Reservation
    reservation, _ = Reservation.objects.get_or_create(
        purpose=purpose, source_id=source_id, defaults={"customer_id": customer_id, "amount": 0}
    )
    _move(balance, reservation, amount)
    return reservation


def release(*, customer_id: int, purpose: ReservedFor, source_id: int, amount: int | None = None) -> int:
    """Takes from a reservation at most `amount` yen, None: all of it; gives what is free again.

    Whoever uses reserved deposit releases it and books the use in the same transaction.
    """
    balance = lock_balance(customer_id)
    reservation = Reservation.objects.filter(purpose=purpose, source_id=source_id).first()
    if reservation is None:
        return 0
    released: int = reservation.amount if amount is None else min(amount, reservation.amount)
    _move(balance, reservation, -released)
    return released


def reserved(*, purpose: ReservedFor, source_id: int) -> int:
    """What is reserved, in yen."""
    found = Reservation.objects.filter(purpose=purpose, source_id=source_id).first()
    return found.amount if found else 0


def free(balance: CustomerBalance) -> int:
    """The deposit that nothing has a claim on, in yen."""
    return balance.deposit - balance.reserved


def _move(balance: CustomerBalance, reservation: Reservation, amount: int) -> None:
    if not amount:
        return
    reservation.amount += amount
    reservation.save(update_fields=["amount"])
    balance.reserved += amount
    balance.save(update_fields=["reserved"])

"""Everything a running story knows: its tenant, its clock, and what its refs stand for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Customer, Member, Tenant
from billing_project.clock import FrozenClock
from orders.models import Order, Quote
from payments.gateways.playing import PlayingGateway
from payments.models import Card as CardRow
from playbooks.format import Story
from playbooks.format.setup import Card
from playbooks.runner.outcome import Event, EventKind

TICK = timedelta(microseconds=1)
"""Two acts never happen at the same moment, as in life."""


Watch = Callable[["World"], None]
"""Called before every step and job; raises StoryFailed to stop the story."""


@dataclass
class Seen:
    """What earlier `expect` steps have looked at."""

    documents: set[int] = field(default_factory=set)
    mails: set[int] = field(default_factory=set)
    payments: dict[tuple[str, int], tuple[object, ...]] = field(default_factory=dict)
    payouts: set[int] = field(default_factory=set)
    deposit_reports: set[int] = field(default_factory=set)
    acts: set[int] = field(default_factory=set)


@dataclass
class World:
    story: Story
    tenant: Tenant
    clock: FrozenClock
    zone: ZoneInfo
    customers: dict[str, Customer] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    buyers: dict[str, Member] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    quotes: dict[str, Quote] = field(default_factory=dict)
    gateway: PlayingGateway = field(default_factory=PlayingGateway)
    cards: dict[tuple[str, Card], CardRow] = field(default_factory=dict)
    transfers: int = 0
    beat_runs: bool = True
    line: int = 1
    seen: Seen = field(default_factory=Seen)
    recorded: dict[str, set[int]] = field(default_factory=dict)
    frozen_rows: dict[str, str] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    watch: Watch | None = None

    def aware(self, wall_clock: datetime) -> datetime:
        """A wall clock time of the file as a moment."""
        return wall_clock.replace(tzinfo=self.zone)

    def move_to(self, moment: datetime) -> None:
        """Puts the clock at the moment, or a tick on when it stands there already."""
        if self.watch is not None:
            self.watch(self)
        self.clock.move_to(max(moment, self.clock.moment + TICK))

    def tell(self, kind: EventKind, title: str, facts: dict[str, Any]) -> None:
        at = self.clock.moment.astimezone(self.zone)
        self.events.append(Event(at, kind, self.line, title, facts))

    def name_of(self, customer_id: int | None) -> str:
        """The ref of a customer, for messages."""
        names = (ref for ref, customer in self.customers.items() if customer.pk == customer_id)
        return next(names, "?")

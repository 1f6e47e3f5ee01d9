"""The same machines as in the stress tests."""

from tests.stress.conftest import broker, machines, mailbox, open_shop, queue, shop

__all__ = ["broker", "machines", "mailbox", "open_shop", "queue", "shop"]

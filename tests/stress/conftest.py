"""A broker, a mailbox and a shop for each test alone; the programs of the product on them."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from accounts.models import Tenant
from billing_project.embedded import Home, test_home
from billing_project.embedded.valkey import Valkey
from tests.stress.machinery import Machines, Mailbox, Queue
from tests.stress.shop import CUSTOMERS, Shop, make_shop

OpenShop = Callable[..., Shop]


@pytest.fixture
def broker() -> Iterator[Valkey]:
    """A Valkey of this test's own, so that no worker finds tasks that other tests have left."""
    own = test_home()
    home = Home(own.folder("brokers") / uuid.uuid4().hex[:8], own.account, durable=False)
    valkey = Valkey(home)
    valkey.start()
    yield valkey
    valkey.stop()
    shutil.rmtree(home.path)


@pytest.fixture
def mailbox(tmp_path: Path) -> Mailbox:
    folder = tmp_path / "mail"
    folder.mkdir()
    return Mailbox(folder)


@pytest.fixture
def machines(broker: Valkey, mailbox: Mailbox, tmp_path: Path) -> Iterator[Machines]:
    """What dies comes back after two seconds here; the product waits for an hour."""
    environment = {
        **os.environ,
        "REDIS_URL": broker.url(),
        "MAIL_CAPTURE_DIR": str(mailbox.folder),
        "VISIBILITY_TIMEOUT_SECONDS": "2",
        "TICK_SECONDS": "1",
        "LOG_JSON": "1",
        "LOG_LEVEL": "INFO",
    }
    found = Machines(environment, tmp_path)
    yield found
    found.end()


@pytest.fixture
def queue(broker: Valkey) -> Queue:
    return Queue(broker.url())


@pytest.fixture
def open_shop() -> Iterator[OpenShop]:
    """`make_shop`; ticks and sweeps find no other tenant, neither in this test nor in later ones."""
    others = list(Tenant.objects.filter(is_active=True).values_list("pk", flat=True))
    mine: list[int] = []

    def make(customers: int = CUSTOMERS) -> Shop:
        shop = make_shop(customers)
        mine.append(shop.pk)
        return shop

    Tenant.objects.filter(pk__in=others).update(is_active=False)
    yield make
    Tenant.objects.filter(pk__in=mine).update(is_active=False)
    Tenant.objects.filter(pk__in=others).update(is_active=True)


@pytest.fixture
def shop(open_shop: OpenShop) -> Shop:
    return open_shop()

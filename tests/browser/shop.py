"""A shop whose day the test chooses, its card provider, and what a worker would do meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from accounts.models import Customer, Tenant, User
from accounts.services import add_member, add_operator
from billing_project import clock
from billing_project.jobs.runs import RunState
from billing_project.jobs.services import run_due
from billing_project.tenancy.context import tenant_context
from payments.models import BankUpload
from payments.services.uploads import run_import
from tests.browser.conftest import CHECKOUT, Site, serving
from tests.factories import make_customer, make_tenant, make_user
from tests.payments.stripe_sandbox import SandboxProcess
from tests.web.world import PASSWORD


@dataclass
class Shop:
    """`now` is the moment for the server and for jobs; None: the real one."""

    site: Site
    clock_file: Path
    sandbox: SandboxProcess
    environment: dict[str, str]
    tenant: Tenant = field(default_factory=make_tenant)
    now: datetime | None = None

    def __post_init__(self) -> None:
        with tenant_context(self.tenant):
            self.customer: Customer = make_customer(payer_name="ｶ)ｱｸﾒ", email="keiri@example.com")
            self.buyer: User = make_user(password=PASSWORD)
            add_member(customer=self.customer, user=self.buyer, name="発注 太郎")
            self.operator: User = make_user(password=PASSWORD)
            add_operator(user=self.operator)

    def at(self, moment: datetime) -> None:
        """It is this moment now."""
        self.now = moment
        self.clock_file.write_text(moment.isoformat())

    def jobs_run(self) -> None:
        """Everything that has fallen due, as the beat and the workers would."""
        with clock.frozen(self.now or clock.now()):
            run_due(self.tenant.pk)

    def worker_talks_to_cards(self) -> None:
        """What waits for the card provider is done, in a process that knows the sandbox."""
        code = (
            "import django; django.setup();"
            f"from payments.services.cards.sweeping import talk; talk({self.tenant.pk})"
        )
        subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, env=self.environment, check=True)

    def bank_files_are_imported(self) -> None:
        """What operators asked for, as a worker would."""
        with tenant_context(self.tenant):
            waiting = list(BankUpload.objects.filter(state=RunState.QUEUED).values_list("pk", flat=True))
        for upload in waiting:
            with clock.frozen(self.now or clock.now()):
                run_import(tenant_id=self.tenant.pk, upload_id=upload)

    def url(self, path: str) -> str:
        return self.site.url(self.tenant.slug, path)


@contextmanager
def open_shop(folder: Path, sandbox: SandboxProcess) -> Iterator[Shop]:
    clock_file = folder / "clock"
    clock_file.write_text("")
    environment = {
        **os.environ,
        **sandbox.environment(),
        "CARD_PAGES": sandbox.base,
        "TEST_CLOCK": str(clock_file),
        "DJANGO_SETTINGS_MODULE": "billing_project.settings",
    }
    with serving("tests.browser.travelling", environment) as site:
        yield Shop(site, clock_file, sandbox, environment)

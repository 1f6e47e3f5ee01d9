"""A member of a customer who works in the control panel of a web process."""

from __future__ import annotations

import re
from uuid import uuid4

from django.conf import settings

from accounts.models import Role, Tenant
from accounts.services import add_member
from billing_project.tenancy.context import tenant_context
from orders.models import Product
from tests.factories import make_customer, make_user
from tests.stress.machinery import Website
from tests.web.world import sign_in

_CSRF = "a" * 32


class Browser:
    """Signed in, as somebody who may order and pays later."""

    def __init__(self, website: Website, tenant: Tenant) -> None:
        self._website, self._tenant = website, tenant
        with tenant_context(tenant):
            user = make_user()
            add_member(customer=make_customer(), user=user, name="発注 太郎", roles=[Role.REQUESTER])
        session = sign_in(user, tenant).cookies[settings.SESSION_COOKIE_NAME].value
        self._cookie = f"{settings.SESSION_COOKIE_NAME}={session}; csrftoken={_CSRF}"

    def get(self, path: str) -> int:
        return self._ask(path)[0]

    def order(self, sku: str) -> None:
        """One of this product, through both pages to the last."""
        with tenant_context(self._tenant):
            product = Product.objects.get(sku=sku)
        form = {
            "submission": str(uuid4()),
            "payment_method": "later_transfer",
            f"quantity_{product.public_id.hex}": "1",
        }
        status, page = self._ask("/orders/new/", form)
        seen = re.search(r'name="seen" value="(\w+)"', page)
        assert status == 200
        assert seen
        status, location = self._ask(
            "/orders/new/confirm/", {**form, "seen": seen[1], "contact_confirmed": "on"}
        )
        assert status == 302
        assert self.get(location) == 200

    def _ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        filled = None if form is None else {**form, "csrfmiddlewaretoken": _CSRF}
        return self._website.ask(path, f"{self._tenant.slug}.localhost", filled, self._cookie)

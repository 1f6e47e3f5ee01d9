"""A tenant is made by the person who was sent a set-up link: step by step, each saved, none done twice."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import BankAccount, Issuer, Operator, OperatorRole, Tenant, User
from accounts.services.issuer import add_bank_account, change_bank_account
from accounts.services.members import add_operator
from accounts.services.tenants import create_tenant
from billing_project import clock
from billing_project.audit.models import ActorKind
from billing_project.audit.services import Actor, acting_as
from billing_project.errors import Code, Refusal
from billing_project.tenancy.context import tenant_context

STEPS = ("shop", "seller", "bank", "look", "operator", "customer", "preview")
DONE = "done"
VALID = timedelta(days=7)
_SALT = "accounts.setup"


@dataclass(frozen=True)
class Setup:
    """What a link says: which set-up, and whose mail address it was sent to."""

    id: uuid.UUID
    email: str

    def tenant(self) -> Tenant | None:
        return Tenant.objects.filter(setup_id=self.id).first()


def invite_tenant(*, email: str, mail: bool = False) -> str:
    """The address of a set-up page for one tenant, valid for seven days; `mail` also sends it."""
    until = clock.now() + VALID
    content = {"id": uuid.uuid4().hex, "email": email.strip().lower(), "until": until.isoformat()}
    address = _address(signing.dumps(content, salt=_SALT))
    if mail:
        text = _("Set up your shop here within seven days:\n\n%(address)s\n") % {"address": address}
        send_mail(_("Set up your shop on Shimebi"), text, None, [email])
    return address


def _address(token: str) -> str:
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
    return f"{settings.PUBLIC_SCHEME}://{settings.BASE_DOMAIN}{port}/setup/{token}/"


def setup_of(token: str) -> Setup:
    """Raises Refusal `invalid_input` when it is not ours, `link_expired` when it is too old or was used."""
    setup, until = _read(token)
    if clock.now() > until or finished_tenant(token) is not None:
        raise Refusal(Code.LINK_EXPIRED)
    return setup


def finished_tenant(token: str) -> Tenant | None:
    """The tenant that this link has made; None before that. Raises Refusal `invalid_input`."""
    return Tenant.objects.filter(setup_id=_read(token)[0].id, setup_step=DONE).first()


def _read(token: str) -> tuple[Setup, datetime]:
    try:
        content = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise Refusal(Code.INVALID_INPUT) from error
    setup = Setup(uuid.UUID(content["id"]), content["email"])
    return setup, datetime.fromisoformat(content["until"])


@contextmanager
def one_at_a_time(setup: Setup) -> Iterator[None]:
    """One step of a set-up at a time, by the person of the link; a form sent twice finds its work done."""
    actor = Actor(ActorKind.LINK, setup.email)
    with transaction.atomic(), acting_as(actor), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(setup.id)])
        yield


@transaction.atomic
def make_shop(*, setup: Setup, slug: str, name: str, preset: str) -> Tenant:
    """Makes the tenant, or renames the one that was made; its preset stays.

    Raises Refusal `invalid_input` for a slug that is malformed or taken.
    """
    tenant = setup.tenant()
    if tenant is None:
        tenant = create_tenant(slug=slug, name=name, preset=preset)
        tenant.setup_id = setup.id
    tenant.slug, tenant.name = slug, name
    try:
        tenant.full_clean()
    except ValidationError as error:
        raise Refusal(
            Code.INVALID_INPUT,
            gettext_lazy("This tenant cannot be made: %(problems)s"),
            problems=" ".join(error.messages),
        ) from error
    tenant.save()
    with tenant_context(tenant):
        Issuer.objects.update(service_name=name)
    return tenant


def reached(*, tenant: Tenant, step: str) -> None:
    """Notes how far the set-up is; it never goes back."""
    order = [*STEPS, DONE]
    if order.index(step) > order.index(tenant.setup_step or STEPS[0]):
        tenant.setup_step = step
        tenant.save(update_fields=["setup_step"])


def name_bank_account(**fields: str) -> BankAccount:
    """Adds or changes the first one. Raises Refusal `invalid_input` with the problems per field."""
    account: BankAccount | None = BankAccount.objects.first()
    if account is None:
        return add_bank_account(**fields)
    return change_bank_account(account=account, **fields)


@transaction.atomic
def make_first_operator(*, setup: Setup, name: str, password: str) -> Operator:
    """The person of the link becomes administrator; a password that is there stays as it is."""
    user = User.objects.select_for_update().filter(email=setup.email).first()
    if user is None:
        user = User.objects.create_user(setup.email, password, name=name)
    elif not user.has_usable_password():
        user.set_password(password)
        user.save(update_fields=["password"])
        User.objects.confirm_mail_address(user)
    return add_operator(user=user, role=OperatorRole.ADMIN)


def has_password(setup: Setup) -> bool:
    """Whether the person of the link can sign in already, here or at another seller."""
    user = User.objects.filter(email=setup.email).first()
    return user is not None and user.has_usable_password()


def finish(*, tenant: Tenant) -> None:
    """Ends the link. Raises Refusal `invalid_input` while nobody could sign in."""
    if not Operator.objects.filter(is_active=True).exists():
        raise Refusal(Code.INVALID_INPUT, gettext_lazy("Name the first operator before you finish."))
    reached(tenant=tenant, step=DONE)

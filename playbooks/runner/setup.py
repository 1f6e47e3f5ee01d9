"""Makes the tenant of a story: policy, products, customers and their people."""

import secrets

from accounts import services
from accounts.models import Customer as CustomerRow
from accounts.models import Issuer, Member, Role, User
from accounts.services import NewContact
from billing_project.clock import FrozenClock
from billing_project.tenancy.context import tenant_context
from orders.services import create_product
from payments.services import add_payer_name, set_payout_sender
from playbooks.format import Story
from playbooks.format.setup import Customer
from playbooks.runner.work import run_after_commit
from playbooks.runner.world import World

TENANT_NAME = "見本商店"
CONTACT_NAME = "経理担当"
REGISTRATION_NUMBER = "T1234567890123"
LATER = "later_transfer"


def open_world(story: Story, hands: FrozenClock) -> World:
    """The world as it stands at 00:00 of the first day. Raises Refusal when the story's header is refused."""
    playbook = story.playbook
    slug = f"playbook-{secrets.token_hex(4)}"
    tenant = services.create_tenant(slug=slug, name=TENANT_NAME, preset=playbook.preset, since=playbook.start)
    world = World(story, tenant, hands, tenant.zone)
    with tenant_context(tenant):
        _register_issuer()
        _name_payout_sender()
        if playbook.policy:
            services.set_policy(changes=playbook.policy, valid_from=playbook.start)
        _make_products(story)
        for customer in playbook.customers:
            _make_customer(world, customer)
    run_after_commit()
    return world


def _register_issuer() -> None:
    issuer = Issuer.objects.get()
    issuer.registration_number = REGISTRATION_NUMBER
    issuer.save()


def _name_payout_sender() -> None:
    set_payout_sender(
        sender_code="0000000001",
        sender_name="ﾐﾎﾝｼﾖｳﾃﾝ",
        bank_code="0001",
        branch_code="100",
        account_kind="1",
        account_number="1234567",
    )


def _make_products(story: Story) -> None:
    for product in story.playbook.products:
        create_product(
            sku=product.sku,
            name=product.name,
            unit_price=product.unit_price,
            tax_category=product.tax,
            inquiry_required=product.inquiry_required,
            discontinued=product.discontinued,
        )


def _make_customer(world: World, customer: Customer) -> None:
    row = services.create_customer(
        name=customer.name,
        contact=NewContact(name=CONTACT_NAME, email=_address(world, f"{customer.ref}-keiri")),
        payment_method=customer.pays,
        later_payment_allowed=customer.pays == LATER,
        credit_limit=customer.credit_limit,
    )
    world.customers[customer.ref] = row
    for name in customer.payer_names:
        add_payer_name(customer=row, name=name)
    _make_members(world, customer, row)


def _make_members(world: World, customer: Customer, row: CustomerRow) -> None:
    for member in customer.members:
        world.members[member.ref] = _make_member(world, row, member.ref, member.role)
    known = [world.members[member.ref] for member in customer.members]
    buyers = sorted(known, key=lambda member: Role.AUTHORITY not in member.roles)
    default = buyers[0] if buyers else _make_member(world, row, f"{customer.ref}-member", Role.AUTHORITY)
    world.buyers[customer.ref] = default


def _make_member(world: World, row: CustomerRow, name: str, role: str) -> Member:
    user = User.objects.create_user(_address(world, name), name=name)
    return services.add_member(customer=row, user=user, name=name, roles=[role])


def _address(world: World, name: str) -> str:
    """A mail address that nobody else has; names that differ only by case get different ones."""
    taken = sum(known.lower() == name.lower() for known in world.members)
    return f"{name.lower()}{taken or ''}@{world.tenant.slug}.example"

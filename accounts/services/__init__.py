from accounts.services.customers import (
    NewContact,
    addressee_of,
    allow_later_payment,
    change_contact,
    change_credit_limit,
    create_customer,
    deactivate_customer,
)
from accounts.services.members import (
    add_member,
    add_operator,
    change_roles,
    invite_again,
    invite_member,
    remove_member,
)
from accounts.services.tenants import create_tenant, set_policy

__all__ = [
    "NewContact",
    "add_member",
    "add_operator",
    "addressee_of",
    "allow_later_payment",
    "change_contact",
    "change_credit_limit",
    "change_roles",
    "create_customer",
    "create_tenant",
    "deactivate_customer",
    "invite_again",
    "invite_member",
    "remove_member",
    "set_policy",
]

from accounts.models.api_key import ApiKey
from accounts.models.branding import Branding, DateForm
from accounts.models.calendar_link import CalendarLink
from accounts.models.customer import AccountingContact, Addressee, Customer, Member, Role
from accounts.models.policy import PolicyVersion
from accounts.models.tenant import BankAccount, Issuer, Operator, OperatorRole, Tenant
from accounts.models.user import User

__all__ = [
    "AccountingContact",
    "Addressee",
    "ApiKey",
    "BankAccount",
    "Branding",
    "CalendarLink",
    "Customer",
    "DateForm",
    "Issuer",
    "Member",
    "Operator",
    "OperatorRole",
    "PolicyVersion",
    "Role",
    "Tenant",
    "User",
]

"""The buying organisation: customer, members, accounting contact, and to whom documents are addressed."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.names import folded_fields
from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import PublicIdModel, TenantModel, unique_public_id


class Customer(PublicIdModel, TenantModel):
    code = models.CharField(_("customer number"), max_length=40)
    name = models.CharField(_("company name"), max_length=200)
    name_kana = models.CharField(_("company name (kana)"), max_length=200, blank=True)
    corporate_number = models.CharField(_("corporate number"), max_length=13, blank=True)
    postcode = models.CharField(_("postcode"), max_length=8, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    payment_method = models.CharField(_("payment method"), max_length=30)
    later_payment_allowed = models.BooleanField(_("may pay later"), default=False)
    credit_limit = models.BigIntegerField(_("credit limit (yen)"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=5, default="ja", choices=settings.LANGUAGES)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("made"))
    note = models.TextField(_("note"), blank=True)
    search_key = models.GeneratedField(
        expression=folded_fields("code", "name", "name_kana"),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            *tenant_constraints("accounts_customer"),
            unique_public_id("accounts_customer"),
            models.UniqueConstraint(fields=["tenant", "code"], name="accounts_customer_code"),
            models.CheckConstraint(
                condition=models.Q(credit_limit__isnull=True) | models.Q(credit_limit__gte=0),
                name="accounts_customer_credit",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "name"], name="accounts_customer_name")]

    def __str__(self) -> str:
        return self.name


class AccountingContact(TenantModel):
    """Whom documents are addressed to from now on; the mail goes to this address (A7)."""

    customer = TenantForeignKey(Customer, related_name="accounting_contacts")
    name = models.CharField(_("name"), max_length=100)
    department = models.CharField(_("department"), max_length=100, blank=True)
    email = models.EmailField(_("mail address"))

    class Meta(TenantModel.Meta):
        verbose_name = _("accounting contact")
        verbose_name_plural = _("accounting contacts")
        constraints = [
            *tenant_constraints("accounts_contact", references={"customer": "accounts.Customer"}),
            models.UniqueConstraint(fields=["tenant", "customer"], name="accounts_contact_one"),
        ]

    def __str__(self) -> str:
        return self.name


class Addressee(TenantModel):
    """A snapshot of company and contact as an order was placed; never changed (A7).

    Orders with equal snapshots share a row, so a closing can group by it.
    """

    customer = TenantForeignKey(Customer, related_name="addressees")
    company_name = models.CharField(max_length=200)
    department = models.CharField(max_length=100, blank=True)
    contact_name = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    address = models.CharField(max_length=300, blank=True)
    search_key = models.GeneratedField(
        expression=folded_fields("company_name", "department", "contact_name"),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("addressee")
        constraints = [
            *tenant_constraints(
                "accounts_addressee", references={"customer": "accounts.Customer"}, update=()
            ),
            models.UniqueConstraint(
                fields=[
                    "tenant",
                    "customer",
                    "company_name",
                    "department",
                    "contact_name",
                    "postcode",
                    "address",
                ],
                name="accounts_addressee_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_name} {self.contact_name}"


class Role(models.TextChoices):
    REQUESTER = "requester", _("Requester")
    FIRST_APPROVER = "first_approver", _("First approver")
    SECOND_APPROVER = "second_approver", _("Second approver")
    AUTHORITY = "authority", _("Holder of ordering authority")
    ACCOUNTING = "accounting", _("Accounting")


class Member(PublicIdModel, TenantModel):
    """`language` empty: the company's. `unwanted_mails`: kinds of mail that are left out."""

    customer = TenantForeignKey(Customer, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    name = models.CharField(_("name"), max_length=100)
    roles = ArrayField(models.CharField(max_length=20, choices=Role), verbose_name=_("roles"))
    language = models.CharField(_("language"), max_length=5, blank=True, choices=settings.LANGUAGES)
    unwanted_mails = ArrayField(
        models.CharField(max_length=40), verbose_name=_("mails not wanted"), default=list, blank=True
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("made"))

    class Meta(TenantModel.Meta):
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            *tenant_constraints("accounts_member", references={"customer": "accounts.Customer"}),
            unique_public_id("accounts_member"),
            models.UniqueConstraint(fields=["tenant", "customer", "user"], name="accounts_member_once"),
            models.CheckConstraint(condition=models.Q(roles__len__gt=0), name="accounts_member_roles"),
        ]
        indexes = [models.Index(fields=["tenant", "user"], name="accounts_member_user")]

    def __str__(self) -> str:
        return self.name

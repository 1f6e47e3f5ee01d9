"""The seller: the tenant itself, what its documents print about it, and its operators."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.models import TenantModel


class Tenant(models.Model):
    """The one table of tenants; it holds nothing that another tenant must not know."""

    slug = models.CharField(
        _("subdomain"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[a-z](?:[a-z0-9-]*[a-z0-9])?$")],
    )
    name = models.CharField(_("name"), max_length=100)
    timezone = models.CharField(_("time zone"), max_length=40, default="Asia/Tokyo")
    since = models.DateField(_("jobs begin on"))
    is_active = models.BooleanField(_("active"), default=True)
    setup_id = models.UUIDField(null=True, unique=True, editable=False)
    setup_step = models.CharField(max_length=10, blank=True, editable=False)

    class Meta:
        verbose_name = _("tenant")
        verbose_name_plural = _("tenants")

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class Issuer(TenantModel):
    """What documents say about the seller; documents keep a copy of their own."""

    name = models.CharField(_("legal name"), max_length=200)
    service_name = models.CharField(_("service name"), max_length=100)
    registration_number = models.CharField(
        _("registration number"),
        max_length=14,
        blank=True,
        validators=[RegexValidator(r"^T\d{13}$", _("T and 13 digits, such as T1234567890123."))],
    )
    charges_tax = models.BooleanField(
        _("charges consumption tax"),
        default=True,
        help_text=_("A tax-exempt business (免税事業者) states neither rate nor tax on its documents."),
    )
    postcode = models.CharField(_("postcode"), max_length=8, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("mail address"), blank=True)
    document_note = models.TextField(_("note on documents"), blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("issuer")
        verbose_name_plural = _("issuer")
        constraints = [
            *tenant_constraints("accounts_issuer"),
            models.UniqueConstraint(fields=["tenant"], name="accounts_issuer_one"),
        ]

    def __str__(self) -> str:
        return self.name


class BankAccount(TenantModel):
    """Where customers transfer to; printed on documents in this order."""

    class Kind(models.TextChoices):
        ORDINARY = "1", _("Ordinary")
        CURRENT = "2", pgettext_lazy("kind of a bank account", "Current")

    position = models.PositiveSmallIntegerField(_("position"), default=1)
    bank_code = models.CharField(
        _("bank code"), max_length=4, validators=[RegexValidator(r"^[0-9]{4}\Z", _("Four digits."))]
    )
    bank_name = models.CharField(_("bank"), max_length=60)
    branch_code = models.CharField(
        _("branch code"), max_length=3, validators=[RegexValidator(r"^[0-9]{3}\Z", _("Three digits."))]
    )
    branch_name = models.CharField(_("branch"), max_length=60)
    kind = models.CharField(_("kind of account"), max_length=1, choices=Kind, default=Kind.ORDINARY)
    number = models.CharField(
        _("account number"),
        max_length=7,
        validators=[RegexValidator(r"^[0-9]{7}\Z", _("Seven digits; put zeros before a shorter number."))],
    )
    holder_kana = models.CharField(_("account holder (kana)"), max_length=48)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        ordering = ["position", "id"]
        constraints = [
            *tenant_constraints("accounts_bank_account"),
            models.UniqueConstraint(
                fields=["tenant", "bank_code", "branch_code", "kind", "number"],
                name="accounts_bank_account_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank_name} {self.branch_name} {self.number}"


class OperatorRole(models.TextChoices):
    ADMIN = "admin", _("Administrator")
    ACCOUNTING = "accounting", _("Accounting")
    SUPPORT = "support", _("Support (reads only)")


class Operator(TenantModel):
    """A person who works for the tenant in the admin."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    role = models.CharField(_("role"), max_length=10, choices=OperatorRole, default=OperatorRole.ADMIN)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("operator")
        verbose_name_plural = _("operators")
        constraints = [
            *tenant_constraints("accounts_operator"),
            models.UniqueConstraint(fields=["tenant", "user"], name="accounts_operator_once"),
        ]

    def __str__(self) -> str:
        return str(self.user)

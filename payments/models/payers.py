"""The names and numbers by which payers are known."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import TenantModel


class PayerName(TenantModel):
    """A name as banks print it (half-width kana), by which a customer is known.

    `learned` ones were taught by a match made by hand, at `learned_at`; undoing such a match forgets them.
    """

    customer = TenantForeignKey("accounts.Customer", related_name="payer_names")
    name = models.CharField(_("payer name"), max_length=100)
    learned = models.BooleanField(_("learned"), default=False)
    learned_at = models.DateTimeField(_("learned at"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("payer name")
        verbose_name_plural = _("payer names")
        constraints = [
            *tenant_constraints("payments_payer", references={"customer": "accounts.Customer"}, delete=True),
            models.UniqueConstraint(fields=["tenant", "customer", "name"], name="payments_payer_once"),
        ]
        indexes = [models.Index(fields=["tenant", "name"], name="payments_payer_name")]

    def __str__(self) -> str:
        return self.name


class VirtualAccount(TenantModel):
    """The number of an account that the bank keeps for one payer alone (branch and account, ten digits)."""

    customer = TenantForeignKey("accounts.Customer", related_name="virtual_accounts")
    number = models.CharField(
        _("virtual account"), max_length=10, validators=[RegexValidator(r"^[0-9]{7,10}\Z")]
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("virtual account")
        verbose_name_plural = _("virtual accounts")
        constraints = [
            *tenant_constraints(
                "payments_virtual", references={"customer": "accounts.Customer"}, delete=True
            ),
            models.UniqueConstraint(fields=["tenant", "number"], name="payments_virtual_once"),
        ]

    def __str__(self) -> str:
        return self.number

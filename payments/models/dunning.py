"""What happens when due dates pass (A12, H8): cases, steps taken, halts, write-offs and recoveries."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.policy.choices import Step
from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import TenantModel


class DunningCase(TenantModel):
    """From the day on which a customer has something overdue to the day on which nothing is."""

    customer = TenantForeignKey("accounts.Customer", related_name="dunning_cases", db_index=False)
    opened_on = models.DateField(_("overdue since"))
    closed_at = models.DateTimeField(_("closed"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("dunning case")
        verbose_name_plural = _("dunning")
        constraints = [
            *tenant_constraints(
                "payments_dunning_case", references={"customer": "accounts.Customer"}, update=("closed_at",)
            ),
            models.UniqueConstraint(
                fields=["tenant", "customer"],
                name="payments_dunning_case_open",
                condition=models.Q(closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.opened_on}"


class DunningStepTaken(TenantModel):
    """A step of a case; `on` is its day, also when the run came late. Each step once in a case."""

    case = TenantForeignKey(DunningCase, related_name="steps", db_index=False)
    customer = TenantForeignKey("accounts.Customer", related_name="+", db_index=False)
    document = TenantForeignKey("invoices.Document", related_name="+", db_index=False)
    step = models.CharField(_("step"), max_length=30, choices=Step.choices)
    on = models.DateField(_("day"))
    taken_at = models.DateTimeField(_("taken"))
    lifted_at = models.DateTimeField(_("lifted"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("dunning step")
        verbose_name_plural = _("dunning steps")
        constraints = [
            *tenant_constraints(
                "payments_dunning_step",
                references={
                    "case": "payments.DunningCase",
                    "customer": "accounts.Customer",
                    "document": "invoices.Document",
                },
                update=("lifted_at",),
            ),
            models.UniqueConstraint(fields=["tenant", "case", "step"], name="payments_dunning_step_once"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "customer"],
                name="payments_dunning_in_force",
                condition=models.Q(lifted_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.get_step_display()


class DunningHalt(TenantModel):
    """A disputed document that is not asked for: days from `halted_on` to the day before `resumed_on`."""

    document = TenantForeignKey("invoices.Document", related_name="halts", db_index=False)
    customer = TenantForeignKey("accounts.Customer", related_name="+", db_index=False)
    reason = models.CharField(_("reason"), max_length=300)
    halted_on = models.DateField(_("halted"))
    resumed_on = models.DateField(_("resumed"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("halt of dunning")
        verbose_name_plural = _("halts of dunning")
        constraints = [
            *tenant_constraints(
                "payments_dunning_halt",
                references={"document": "invoices.Document", "customer": "accounts.Customer"},
                update=("resumed_on",),
            ),
            models.UniqueConstraint(
                fields=["tenant", "document"],
                name="payments_dunning_halt_open",
                condition=models.Q(resumed_on__isnull=True),
            ),
        ]


class WriteOff(TenantModel):
    """What was open of a document and is no longer expected; `written_off` in the ledger."""

    document = TenantForeignKey("invoices.Document", related_name="write_offs", db_index=False)
    customer = TenantForeignKey("accounts.Customer", related_name="+", db_index=False)
    amount = models.BigIntegerField(_("amount (yen)"))
    reason = models.CharField(_("reason"), max_length=300)
    written_off_on = models.DateField(_("written off"))

    class Meta(TenantModel.Meta):
        verbose_name = _("write-off")
        verbose_name_plural = _("write-offs")
        constraints = [
            *tenant_constraints(
                "payments_write_off",
                references={"document": "invoices.Document", "customer": "accounts.Customer"},
                update=(),
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payments_write_off_amount"),
        ]
        indexes = [models.Index(fields=["tenant", "customer"], name="payments_write_off_customer")]


class Recovery(TenantModel):
    """Money for a write-off after all, or a return of what it gave up; its entry reverses that much."""

    write_off = TenantForeignKey(WriteOff, related_name="recoveries", db_index=False)
    amount = models.BigIntegerField(_("amount (yen)"))
    recovered_on = models.DateField(_("recovered"))

    class Meta(TenantModel.Meta):
        verbose_name = _("recovery")
        verbose_name_plural = _("recoveries")
        constraints = [
            *tenant_constraints(
                "payments_recovery", references={"write_off": "payments.WriteOff"}, update=()
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payments_recovery_amount"),
        ]
        indexes = [models.Index(fields=["tenant", "write_off"], name="payments_recovery_write_off")]

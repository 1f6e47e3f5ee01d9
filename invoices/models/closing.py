"""A closing: which charges of a period were gathered, when, and what became of it (X3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.jobs.runs import Run, RunState
from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import PublicIdModel, TenantModel, unique_public_id


class ClosingState(models.TextChoices):
    CLOSED = "closed", _("Closed")
    ISSUED = "issued", _("Documents issued")


class Closing(PublicIdModel, TenantModel):
    """The period ends on `closes_on`. It holds the charges billable in (`after_on`, `closes_on`] that were
    recorded by `closed_at`, and those billable earlier that were recorded in (`after_at`, `closed_at`] (X4).
    """

    closes_on = models.DateField(_("closes on"))
    issue_on = models.DateField(_("issue day"))
    after_on = models.DateField(null=True)
    after_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(_("closed"))
    policy_version = TenantForeignKey("accounts.PolicyVersion", related_name="+")
    state = models.CharField(_("state"), max_length=6, choices=ClosingState, default=ClosingState.CLOSED)
    issued_at = models.DateTimeField(_("issued"), null=True)
    document_count = models.IntegerField(_("documents"), default=0)
    line_count = models.IntegerField(_("lines"), default=0)
    total = models.BigIntegerField(_("total (yen)"), default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("closing")
        verbose_name_plural = _("closings")
        constraints = [
            *tenant_constraints(
                "invoices_closing",
                references={"policy_version": "accounts.PolicyVersion"},
                update=("state", "issued_at", "document_count", "line_count", "total"),
            ),
            unique_public_id("invoices_closing"),
            models.UniqueConstraint(fields=["tenant", "closes_on"], name="invoices_closing_once"),
        ]

    def __str__(self) -> str:
        return str(self.closes_on)


class LeftOut(TenantModel):
    """A customer whom the closing did not bill, since a document would have lacked what it must state.

    `missing` are codes of `invoices.conformity.Item`. `settled_at`: when the closing was issued again and
    nothing of the customer's was wrong any more.
    """

    closing = TenantForeignKey(Closing, related_name="left_out", db_index=False)
    customer = TenantForeignKey("accounts.Customer", related_name="+", db_index=False)
    missing = models.JSONField(_("missing or wrong"), default=list)
    found_at = models.DateTimeField(_("found"))
    settled_at = models.DateTimeField(_("settled"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("customer left out of a closing")
        verbose_name_plural = _("customers left out of a closing")
        constraints = [
            *tenant_constraints(
                "invoices_left_out",
                references={"closing": "invoices.Closing", "customer": "accounts.Customer"},
                update=("missing", "found_at", "settled_at"),
                delete=False,
            ),
            models.UniqueConstraint(fields=["tenant", "closing", "customer"], name="invoices_left_out_once"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "found_at"],
                condition=models.Q(settled_at=None),
                name="invoices_left_out_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.closing} {self.customer}"


class BillingGate(TenantModel):
    """One row a tenant. Closing and issuing lock it FOR UPDATE; whatever records or reverses a charge
    locks it FOR SHARE: so no charge is under way while a period is closed.
    """

    class Meta(TenantModel.Meta):
        verbose_name = _("billing gate")
        constraints = [
            *tenant_constraints("invoices_gate"),
            models.UniqueConstraint(fields=["tenant"], name="invoices_gate_one"),
        ]


class MonthRun(Run, TenantModel):
    """An operator's wish that a month be closed and its documents issued."""

    task_name = "invoices.tasks.close_month_asked_for"

    month = models.CharField(_("month"), max_length=7)

    class Meta(TenantModel.Meta):
        verbose_name = _("closing asked for")
        verbose_name_plural = _("closings asked for")
        constraints = tenant_constraints("invoices_month_run")
        indexes = [models.Index(fields=["tenant", "-asked_at"], name="invoices_month_run_recent")]

    def __str__(self) -> str:
        return self.month


class PreviewRun(Run, TenantModel):
    """An operator's wish to know what closing the month would come to; `result` is the stored answer.

    One that runs is asked for again too: a worker that died is replaced, and the answer is worked out anew.
    """

    task_name = "invoices.tasks.preview_closing_asked_for"
    asked_again = (RunState.QUEUED, RunState.RUNNING)

    month = models.CharField(_("month"), max_length=7)

    class Meta(TenantModel.Meta):
        verbose_name = _("preview of a closing")
        verbose_name_plural = _("previews of closings")
        constraints = tenant_constraints(
            "invoices_preview_run", update=("state", "finished_at", "message", "result")
        )
        indexes = [models.Index(fields=["tenant", "month", "id"], name="invoices_preview_run_month")]

    def __str__(self) -> str:
        return self.month

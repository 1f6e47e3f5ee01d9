"""Journal files 仕訳 for accounting programs: what was written, of which entries, and the names in them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.jobs.runs import Run
from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import TenantModel
from ledger.models.books import Account


class JournalFormat(models.TextChoices):
    YAYOI = "yayoi", _("Yayoi 弥生会計")
    FREEE = "freee", _("freee 会計")
    MONEY_FORWARD = "mf", _("Money Forward クラウド会計")


class JournalMapping(TenantModel):
    """What an account, in a tax category and rate, is called in the tenant's accounting program.

    Only what differs from `ledger.journal.defaults` is stored. `return_tax_code` is for sales taken back.
    """

    format = models.CharField(_("format"), max_length=10, choices=JournalFormat)
    account = models.CharField(_("account"), max_length=20, choices=Account)
    tax_category = models.CharField(_("tax category"), max_length=12, blank=True)
    tax_rate = models.SmallIntegerField(_("rate (percent)"), null=True)
    account_name = models.CharField(_("name of the account"), max_length=50, blank=True)
    sub_account = models.CharField(_("sub-account"), max_length=50, blank=True)
    tax_code = models.CharField(_("tax code"), max_length=40, blank=True)
    return_tax_code = models.CharField(_("tax code of returns"), max_length=40, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("account in the journal")
        verbose_name_plural = _("accounts in the journal")
        constraints = [
            *tenant_constraints(
                "ledger_journal_map", update=("account_name", "sub_account", "tax_code", "return_tax_code")
            ),
            models.UniqueConstraint(
                fields=["tenant", "format", "account", "tax_category", "tax_rate"],
                name="ledger_journal_map_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_format_display()} {self.get_account_display()}"


class JournalExport(TenantModel):
    """A file as it was written, for ever. A month's second file holds what was booked after its first."""

    format = models.CharField(_("format"), max_length=10, choices=JournalFormat)
    month = models.CharField(_("month"), max_length=7)
    number = models.SmallIntegerField(_("file of the month"))
    content = models.BinaryField()
    sha256 = models.CharField("SHA-256", max_length=64)
    entries = models.IntegerField(_("entries"))
    total = models.BigIntegerField(_("sum of debits (yen)"))
    replaced = models.JSONField(_("replaced characters"), default=dict)
    shortened = models.IntegerField(_("shortened texts"), default=0)
    written_at = models.DateTimeField(_("written"))
    written_by = models.CharField(_("written by"), max_length=254)

    class Meta(TenantModel.Meta):
        verbose_name = _("journal file")
        verbose_name_plural = _("journal files")
        constraints = [
            *tenant_constraints("ledger_journal", update=()),
            models.UniqueConstraint(
                fields=["tenant", "format", "month", "number"], name="ledger_journal_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_format_display()} {self.month}-{self.number}"


class JournalExported(TenantModel):
    """An entry is in one file of each format."""

    export = TenantForeignKey(JournalExport, related_name="exported", db_index=False)
    format = models.CharField(max_length=10, choices=JournalFormat)
    entry = TenantForeignKey("ledger.Entry", related_name="+", db_index=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("exported entry")
        constraints = [
            *tenant_constraints(
                "ledger_journal_entry",
                references={"export": "ledger.JournalExport", "entry": "ledger.Entry"},
                update=(),
            ),
            models.UniqueConstraint(fields=["tenant", "format", "entry"], name="ledger_journal_entry_once"),
        ]
        indexes = [models.Index(fields=["tenant", "export"], name="ledger_journal_entry_of")]


class JournalRun(Run, TenantModel):
    """An operator's wish that the month's file be written. `export` is the file that came of it."""

    task_name = "ledger.tasks.write_journal"

    format = models.CharField(_("format"), max_length=10, choices=JournalFormat)
    month = models.CharField(_("month"), max_length=7)
    export = TenantForeignKey(JournalExport, null=True, related_name="+", db_index=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("journal file asked for")
        verbose_name_plural = _("journal files asked for")
        constraints = tenant_constraints("ledger_journal_run", references={"export": "ledger.JournalExport"})
        indexes = [models.Index(fields=["tenant", "-asked_at"], name="ledger_journal_run_recent")]

    def __str__(self) -> str:
        return f"{self.get_format_display()} {self.month}"

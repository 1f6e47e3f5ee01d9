"""Bank files that were imported, and how the CSV of each bank is read."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.jobs.uploads import Upload
from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import PublicIdModel, TenantModel, unique_public_id


class BankFileKind(models.TextChoices):
    INCOMING = "01", _("Incoming transfers (01)")
    STATEMENT = "03", _("Account statement (03)")
    CSV = "csv", _("CSV")


class BankFile(PublicIdModel, TenantModel):
    """A file as it came, once. Its entries are known already, doubtful, matched, suggested or unmatched."""

    kind = models.CharField(_("kind"), max_length=4, choices=BankFileKind)
    name = models.CharField(_("file name"), max_length=200, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    accounts = models.CharField(_("accounts"), max_length=300, blank=True)
    content = models.BinaryField()
    imported_at = models.DateTimeField(_("imported"))
    entries = models.IntegerField(_("entries"))
    total = models.BigIntegerField(_("total (yen)"))
    known = models.IntegerField(_("known already"), default=0)
    doubtful = models.IntegerField(_("perhaps known already"), default=0)
    matched = models.IntegerField(_("matched"), default=0)
    exact = models.IntegerField(_("exact"), default=0)
    suggested = models.IntegerField(_("suggested"), default=0)
    unmatched = models.IntegerField(_("unmatched"), default=0)
    cancellations = models.IntegerField(_("cancellations"), default=0)
    taken_back = models.IntegerField(_("taken back by the bank"), default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("bank file")
        verbose_name_plural = _("bank files")
        constraints = [
            *tenant_constraints(
                "payments_file",
                update=("known", "doubtful", "matched", "exact", "suggested", "unmatched", "taken_back"),
            ),
            unique_public_id("payments_file"),
            models.UniqueConstraint(fields=["tenant", "sha256"], name="payments_file_once"),
        ]
        indexes = [models.Index(fields=["tenant", "-imported_at"], name="payments_file_recent")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"


class CsvEncoding(models.TextChoices):
    CP932 = "cp932", _("Shift_JIS (CP932)")
    UTF_8 = "utf-8", _("UTF-8")


class BankCsvMapping(TenantModel):
    """The columns of one bank's CSV: by the text of their heading, or by number, counted from 1."""

    name = models.CharField(_("bank"), max_length=60)
    account = models.CharField(
        _("bank account"),
        max_length=40,
        help_text=_("As it is named in payments, such as 0001-100-1-1234567."),
    )
    encoding = models.CharField(_("encoding"), max_length=10, choices=CsvEncoding, default=CsvEncoding.CP932)
    lines_before = models.PositiveSmallIntegerField(_("lines before the heading"), default=0)
    has_heading = models.BooleanField(_("has a heading"), default=True)
    date_column = models.CharField(_("column of the day"), max_length=60)
    japanese_era = models.BooleanField(_("days of the Japanese era"), default=False)
    amount_column = models.CharField(_("column of incoming money"), max_length=60)
    payer_column = models.CharField(_("column of the payer"), max_length=60)
    payer_prefix = models.CharField(_("words before the payer"), max_length=20, blank=True)
    reference_column = models.CharField(_("column of the bank's number"), max_length=60, blank=True)
    sample = models.BinaryField(default=b"")

    class Meta(TenantModel.Meta):
        verbose_name = _("columns of a bank's CSV")
        verbose_name_plural = _("columns of banks' CSV")
        constraints = [
            *tenant_constraints("payments_csv", delete=True),
            models.UniqueConstraint(fields=["tenant", "name"], name="payments_csv_name"),
        ]

    def __str__(self) -> str:
        return self.name


class BankUpload(Upload, TenantModel):
    """A bank file that an operator uploaded."""

    task_name = "payments.tasks.import_upload"

    mapping = TenantForeignKey(
        BankCsvMapping, null=True, related_name="+", db_index=False, verbose_name=_("columns of a bank's CSV")
    )
    bank_file = TenantForeignKey(BankFile, null=True, related_name="+", db_index=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("uploaded bank file")
        verbose_name_plural = _("uploaded bank files")
        constraints = tenant_constraints(
            "payments_upload",
            references={"mapping": "payments.BankCsvMapping", "bank_file": "payments.BankFile"},
        )
        indexes = [models.Index(fields=["tenant", "-asked_at"], name="payments_upload_recent")]


class BankCancellation(TenantModel):
    """A transfer that the bank takes back (取消) and that could not be taken back by itself.

    It waits for a person until `settled_at`; `reference` identifies it, so that it is told once.
    """

    bank_file = TenantForeignKey(BankFile, related_name="cancelled", db_index=False)
    record = models.IntegerField(_("record of the file"))
    account = models.CharField(_("bank account"), max_length=40)
    booked_on = models.DateField(_("booked"))
    bank_number = models.CharField(_("bank's number"), max_length=20, blank=True)
    amount = models.BigIntegerField(_("amount (yen)"))
    payer_name = models.CharField(_("payer"), max_length=100, blank=True)
    reference = models.CharField(_("reference"), max_length=120)
    payment = TenantForeignKey("payments.Payment", null=True, related_name="+", db_index=False)
    why = models.CharField(_("why it waits"), max_length=300)
    settled_at = models.DateTimeField(_("settled"), null=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("the bank's cancellation")
        verbose_name_plural = _("the bank's cancellations")
        constraints = [
            *tenant_constraints(
                "payments_taken",
                references={"bank_file": "payments.BankFile", "payment": "payments.Payment"},
                update=("payment", "why", "settled_at", "note"),
            ),
            models.UniqueConstraint(fields=["tenant", "reference"], name="payments_taken_once"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "booked_on"],
                name="payments_taken_waiting",
                condition=models.Q(settled_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booked_on} {self.payer_name} {self.amount}"

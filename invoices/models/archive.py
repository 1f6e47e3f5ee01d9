"""The files of documents, the links under which they are fetched, and who fetched them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.audit.models import ActorKind
from billing_project.jobs.runs import UNDER_WAY, Run
from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import PublicIdModel, TenantModel, unique_public_id


class StoredFile(models.Model):
    """The bytes as first made; never made anew. In the database, so that its walls guard files too."""

    media_type = models.CharField(max_length=40, default="application/pdf")
    content = models.BinaryField()
    size = models.IntegerField(_("size (bytes)"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    made_at = models.DateTimeField(_("made"))

    class Meta:
        abstract = True


class DocumentFile(StoredFile, TenantModel):
    document = TenantForeignKey("invoices.Document", related_name="files", db_index=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("file of a document")
        constraints = [
            *tenant_constraints("invoices_file", references={"document": "invoices.Document"}, update=()),
            models.UniqueConstraint(fields=["tenant", "document", "media_type"], name="invoices_file_once"),
        ]


class AccessLink(models.Model):
    """An unguessable address of one document, for whoever has it until it expires (A8).

    Only the token's SHA-256 is kept; the token itself is in the mail.
    """

    token_sha256 = models.CharField(max_length=64)
    email = models.EmailField(_("mailed to"))
    created_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    class Meta:
        abstract = True


class DocumentLink(AccessLink, TenantModel):
    document = TenantForeignKey("invoices.Document", related_name="links", db_index=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("document link")
        verbose_name_plural = _("document links")
        constraints = [
            *tenant_constraints(
                "invoices_link", references={"document": "invoices.Document"}, update=("revoked_at",)
            ),
            models.UniqueConstraint(fields=["tenant", "token_sha256"], name="invoices_link_token"),
        ]
        indexes = [models.Index(fields=["tenant", "document"], name="invoices_link_document")]


class AccessAction(models.TextChoices):
    OPENED = "opened", _("Opened")
    DOWNLOADED = "downloaded", _("Downloaded")


class Form(models.TextChoices):
    """As what a document was fetched."""

    PDF = "pdf", _("PDF")
    XML = "xml", _("XML (JP PINT)")
    ZIP = "zip", _("ZIP archive")


class LoggedAccess(models.Model):
    """The download log (A8). Rows from before these were kept have neither `form` nor `actor_kind`."""

    action = models.CharField(_("act"), max_length=10, choices=AccessAction)
    form = models.CharField(_("as"), max_length=3, choices=Form, blank=True)
    at = models.DateTimeField(_("when"))
    actor_kind = models.CharField(_("kind of actor"), max_length=10, choices=ActorKind, blank=True)
    actor_label = models.CharField(_("who"), max_length=254)
    ip_address = models.GenericIPAddressField(_("from where"), null=True)
    user_agent = models.CharField(_("browser"), max_length=300, blank=True)

    class Meta:
        abstract = True


class DocumentAccess(LoggedAccess, TenantModel):
    document = TenantForeignKey("invoices.Document", related_name="accesses", db_index=False)
    link = TenantForeignKey(DocumentLink, null=True, related_name="accesses", db_index=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("access to a document")
        verbose_name_plural = _("download log")
        constraints = tenant_constraints(
            "invoices_access",
            references={"document": "invoices.Document", "link": "invoices.DocumentLink"},
            update=(),
        )
        indexes = [models.Index(fields=["tenant", "document", "-at"], name="invoices_access_document")]


class DocumentExport(Run, PublicIdModel, TenantModel):
    """Somebody's wish to have the documents that a search found, as a ZIP archive.

    The archive is put together when it is fetched, from files that never change: what workers do before is
    to make the files that are missing. `customer` is that of the member who asked; operators have none.
    """

    task_name = "invoices.tasks.make_export"
    asked_again = UNDER_WAY

    customer = TenantForeignKey("accounts.Customer", null=True, related_name="+", db_index=False)
    wanted = models.JSONField(_("searched for"), default=dict)
    document_ids = ArrayField(models.BigIntegerField())
    document_count = models.IntegerField(_("documents"))
    expires_at = models.DateTimeField(_("expires"))

    class Meta(TenantModel.Meta):
        verbose_name = _("export of documents")
        verbose_name_plural = _("exports of documents")
        constraints = [
            *tenant_constraints(
                "invoices_export",
                references={"customer": "accounts.Customer"},
                update=("state", "finished_at", "message", "result"),
            ),
            unique_public_id("invoices_export"),
        ]
        indexes = [
            models.Index(fields=["tenant", "-asked_at"], name="invoices_export_recent"),
            models.Index(
                fields=["tenant"],
                name="invoices_export_open",
                condition=models.Q(state__in=["queued", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M} {self.asked_by}"

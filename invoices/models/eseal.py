"""Certificates with which the seller seals its documents, and which document was sealed with which."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import TenantModel


class SealCertificate(TenantModel):
    """The newest that was not removed seals documents. Its key is encrypted, and gone once it is removed."""

    subject = models.CharField(_("issued to"), max_length=500)
    authority = models.CharField(_("issued by"), max_length=500)
    serial = models.CharField(_("serial number"), max_length=80)
    sha256 = models.CharField("SHA-256", max_length=64)
    key_type = models.CharField(_("key"), max_length=40)
    not_before = models.DateTimeField(_("valid from"))
    not_after = models.DateTimeField(_("valid until"))
    encrypted = models.BinaryField()
    uploaded_at = models.DateTimeField(_("uploaded"))
    removed_at = models.DateTimeField(_("removed"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("certificate of the e-seal")
        constraints = [
            *tenant_constraints("invoices_seal", update=("encrypted", "removed_at")),
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(removed_at=None), name="invoices_seal_one"
            ),
            models.CheckConstraint(
                condition=models.Q(removed_at=None) | models.Q(encrypted=b""), name="invoices_seal_key_gone"
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class DocumentSeal(TenantModel):
    """The stored PDF of the document is sealed with this certificate."""

    document = TenantForeignKey("invoices.Document", related_name="seals", db_index=False)
    certificate = TenantForeignKey(SealCertificate, related_name="+", db_index=False)
    sealed_at = models.DateTimeField(_("sealed"))

    class Meta(TenantModel.Meta):
        verbose_name = _("seal of a document")
        constraints = [
            *tenant_constraints(
                "invoices_document_seal",
                references={"document": "invoices.Document", "certificate": "invoices.SealCertificate"},
                update=(),
            ),
            models.UniqueConstraint(fields=["tenant", "document"], name="invoices_document_seal_once"),
        ]

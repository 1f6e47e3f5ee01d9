"""Who did what, when and from where (X7); rows are only ever added."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.models import TenantModel


class ActorKind(models.TextChoices):
    MEMBER = "member", _("Member")
    OPERATOR = "operator", _("Operator")
    KEY = "key", _("API key")
    LINK = "link", _("Document link")
    JOB = "job", _("Scheduled job")
    COMMAND = "command", _("Command line")
    SYSTEM = "system", _("System")


class AuditEntry(TenantModel):
    at = models.DateTimeField(_("when"))
    actor_kind = models.CharField(_("kind of actor"), max_length=10, choices=ActorKind)
    actor_label = models.CharField(_("who"), max_length=254)
    actor_user_id = models.BigIntegerField(null=True)
    action = models.CharField(_("act"), max_length=60)
    object_kind = models.CharField(_("kind of object"), max_length=40, blank=True)
    object_id = models.BigIntegerField(null=True)
    object_label = models.CharField(_("object"), max_length=200, blank=True)
    data = models.JSONField(_("details"), default=dict)
    ip_address = models.GenericIPAddressField(_("from where"), null=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        constraints = tenant_constraints("audit_entry", update=())
        indexes = [
            models.Index(fields=["tenant", "-at"], name="audit_at"),
            models.Index(fields=["tenant", "object_kind", "object_id"], name="audit_object"),
            models.Index(fields=["tenant", "object_label"], name="audit_object_label"),
            models.Index(fields=["tenant", "actor_label"], name="audit_actor_label"),
            models.Index(fields=["tenant", "action"], name="audit_action"),
        ]

"""Mail to be sent after the commit that caused it; what was sent stays as it was sent."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.models import PublicIdModel, TenantModel, unique_public_id


class MailState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")


class Mail(PublicIdModel, TenantModel):
    """One mail per occasion: the unique occasion makes sending twice impossible to ask for.

    `kind` names the builder that writes the mail from `reference` and `data` when it is sent.
    """

    occasion = models.CharField(_("occasion"), max_length=120)
    kind = models.CharField(_("kind"), max_length=60)
    reference = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=8, choices=MailState, default=MailState.WAITING)
    created_at = models.DateTimeField(_("created"))
    not_before = models.DateTimeField(_("next attempt"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("error"), blank=True)
    recipient = models.EmailField(_("to"), blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    text_body = models.TextField(_("text"), blank=True)
    html_body = models.TextField(blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    failed_at = models.DateTimeField(_("failed"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        constraints = [
            *tenant_constraints(
                "outbox_mail",
                update=(
                    "state",
                    "not_before",
                    "attempts",
                    "error",
                    "recipient",
                    "subject",
                    "text_body",
                    "html_body",
                    "sent_at",
                    "failed_at",
                ),
            ),
            unique_public_id("outbox_mail"),
            models.UniqueConstraint(fields=["tenant", "occasion"], name="outbox_mail_once"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "not_before"],
                name="outbox_mail_open",
                condition=models.Q(state__in=["waiting", "sending"]),
            ),
            models.Index(fields=["tenant", "-created_at"], name="outbox_mail_recent"),
            models.Index(
                fields=["tenant", "recipient"],
                name="outbox_mail_recipient",
                condition=~models.Q(recipient=""),
            ),
            models.Index(fields=["tenant", "subject"], name="outbox_mail_subject"),
            models.Index(
                fields=["tenant", "state"],
                name="outbox_mail_unsent",
                condition=models.Q(state__in=["waiting", "sending", "failed"]),
            ),
            models.Index(fields=["tenant", "reference", "kind"], name="outbox_mail_about"),
        ]

    def __str__(self) -> str:
        return self.subject or self.occasion

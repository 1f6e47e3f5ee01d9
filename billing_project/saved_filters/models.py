"""Filters of the admin's lists that an operator wants again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_project.tenancy.constraints import tenant_constraints
from billing_project.tenancy.models import TenantModel


class SavedFilter(TenantModel):
    """`query` is the list's address after the question mark; it belongs to one user and one list."""

    user_id = models.BigIntegerField()
    list_name = models.CharField(max_length=100)
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=1000)

    class Meta(TenantModel.Meta):
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints = [
            *tenant_constraints("saved_filter", update=("query",), delete=True),
            models.UniqueConstraint(
                fields=["tenant", "user_id", "list_name", "name"], name="saved_filter_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

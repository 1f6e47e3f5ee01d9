"""The base of every page in the admin: rows are for reading, the acts of the business are buttons."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

READS_ONLY = "support"


def may_act(request: Any) -> bool:
    """Whether the operator may change things; support only reads."""
    return request.operator is not None and request.operator.role != READS_ONLY


class _ReadOnly:
    """Nothing is added, changed or deleted as a row, unless the class says otherwise."""

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return request.operator is not None

    def has_module_permission(self, request: Any) -> bool:
        return request.operator is not None

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False


class OperatorAdmin(_ReadOnly, ModelAdmin):
    """Name a button's method with `@action(permissions=["act"])` and let it call a service."""

    show_full_result_count = False
    list_fullwidth = True

    def has_act_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return may_act(request)

    # The audit log is written by services; Django's own log is one table for all tenants.
    def log_addition(self, *args: Any, **kwargs: Any) -> None: ...

    def log_change(self, *args: Any, **kwargs: Any) -> None: ...

    def log_deletions(self, *args: Any, **kwargs: Any) -> None: ...


class OperatorInline(_ReadOnly, TabularInline):
    extra = 0
    max_num = 0
    can_delete = False

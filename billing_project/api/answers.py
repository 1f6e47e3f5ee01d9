"""How the API says no.

An answer that is no success is always {"code", "message", "details"}; codes are stable, and those of
refusals are the ones of `billing_project.errors`.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from billing_project.errors import MESSAGES, Code, Refusal


def answer_to(error: Exception, context: dict[str, Any]) -> Response | None:
    """What the API says of an error; the view's work is rolled back."""
    if isinstance(error, Refusal):
        set_rollback()
        return _refused(error)
    response = exception_handler(error, context)
    if response is not None:
        response.data = {"code": _code(error), "message": _message(error), "details": _details(error)}
    return response


def _refused(refusal: Refusal) -> Response:
    status = 403 if refusal.code == Code.NOT_PERMITTED else 409
    body = {"code": refusal.code.value, "message": refusal.message, "details": refusal.details}
    return Response(body, status=status)


def _code(error: Exception) -> str:
    if isinstance(error, Http404):
        return "not_found"
    if isinstance(error, PermissionDenied | exceptions.PermissionDenied):
        return Code.NOT_PERMITTED
    if isinstance(error, exceptions.ValidationError):
        return Code.INVALID_INPUT
    return str(getattr(error, "default_code", "error"))


def _message(error: Exception) -> str:
    if isinstance(error, exceptions.ValidationError):
        return str(MESSAGES[Code.INVALID_INPUT])
    return str(getattr(error, "detail", error))


def _details(error: Exception) -> Any:
    return error.detail if isinstance(error, exceptions.ValidationError) else {}

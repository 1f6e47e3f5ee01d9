"""Refusals in Stripe's form."""

from __future__ import annotations

from typing import Any

from payments.sandbox.objects import Thing


class ApiError(Exception):
    """An answer that is a refusal; `executed`: kept under the idempotency key, as what was begun is."""

    def __init__(
        self,
        status: int,
        kind: str,
        message: str,
        *,
        code: str = "",
        param: str = "",
        executed: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status, self.executed = status, executed
        error: Thing = {"type": kind, "message": message}
        if code:
            error |= {
                "code": code,
                "doc_url": f"https://docs.stripe.com/error-codes/{code.replace('_', '-')}",
            }
        if param:
            error["param"] = param
        self.body: Thing = {"error": {**error, **more}}


def invalid(message: str, *, code: str = "", param: str = "", status: int = 400) -> ApiError:
    return ApiError(status, "invalid_request_error", message, code=code, param=param)


def missing(kind: str, thing_id: str, param: str = "id") -> ApiError:
    return invalid(f"No such {kind}: '{thing_id}'", code="resource_missing", param=param, status=404)


def unknown_path(method: str, path: str) -> ApiError:
    return invalid(f"Unrecognized request URL ({method}: {path}).", status=404)

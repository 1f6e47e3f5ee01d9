"""A refusal on its way to the browser: what happened and what to do, with a status programs understand."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from billing_project.errors import Code, Refusal
from billing_project.resuming import came_from


class RefusalMiddleware:
    """Turns a Refusal that a view lets through into a page, or JSON for programs; 403 or 409.

    The view's savepoint has been rolled back by then: nothing is half done.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refusal):
            return None
        status = 403 if error.code == Code.NOT_PERMITTED else 409
        if request.path.startswith("/api/"):
            body = {"code": error.code, "message": error.message, "details": error.details}
            return JsonResponse(body, status=status)
        return render(
            request, "errors/refusal.html", {"refusal": error, "back": came_from(request)}, status=status
        )


def form_not_valid(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that does not bear the token of this session: it leads back to the page, which has a new one."""
    return render(request, "403_csrf.html", {"back": came_from(request)}, status=403)

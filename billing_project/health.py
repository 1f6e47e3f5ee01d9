"""`/healthz`: the process answers. `/readyz`: database, broker and a worker really answer."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from redis import Redis

from billing_project.celery import app

TIMEOUT_SECONDS = 2.0


class HealthMiddleware:
    """Answers before all else: under any host name, without HTTPS, and without the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = _ANSWERS.get(request.path)
        return answer() if answer else self.get_response(request)


def healthz() -> JsonResponse:
    return JsonResponse({"status": "ok"})


def readyz() -> JsonResponse:
    """200 when all parts answer, else 503; the body names each part."""
    parts = {
        "database": _answer(_ask_database),
        "broker": _answer(_ask_broker),
        "worker": _answer(_ask_worker),
    }
    ready = all(answer == "ok" for answer in parts.values())
    return JsonResponse({"status": "ok" if ready else "unavailable", **parts}, status=200 if ready else 503)


def _answer(ask: Callable[[], None]) -> str:
    try:
        ask()
    except Exception as failure:
        return type(failure).__name__
    return "ok"


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_broker() -> None:
    with Redis.from_url(
        settings.REDIS_URL, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
    ) as broker:
        broker.ping()


def _ask_worker() -> None:
    _ask_broker()
    if not app.control.inspect(timeout=TIMEOUT_SECONDS / 2).ping():
        raise TimeoutError("No worker answered.")


_ANSWERS = {"/healthz": healthz, "/readyz": readyz}

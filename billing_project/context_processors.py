from typing import Any

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """What every page needs: the tenant and who is looking."""
    return {
        "tenant": getattr(request, "tenant", None),
        "member": getattr(request, "member", None),
        "operator": getattr(request, "operator", None),
        "is_demo": settings.DEMO,
    }

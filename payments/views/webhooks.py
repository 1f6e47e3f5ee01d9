"""Messages of the card provider."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from payments.gateways.port import BadSignature, Misconfigured
from payments.services.cards import receive_event

log = structlog.get_logger(__name__)


@csrf_exempt
@require_POST
def stripe(request: HttpRequest) -> HttpResponse:
    """Checked, stored and answered at once; what it says is acted on after the answer."""
    try:
        receive_event(body=request.body, signature=request.headers.get("Stripe-Signature", ""))
    except BadSignature:
        return HttpResponse("bad signature", status=400, content_type="text/plain")
    except Misconfigured as error:
        log.error("card_provider_misconfigured", error=str(error))
        return HttpResponse("not set up", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")

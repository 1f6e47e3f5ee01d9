"""Messages of the card provider."""

from __future__ import annotations

from typing import Any

import structlog
from django.db import transaction
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from billing_project.tenancy.middleware import opens_own_context
from payments.gateways.port import BadSignature, GatewayError, Misconfigured
from payments.services.cards import receive_event

log = structlog.get_logger(__name__)


@opens_own_context
@transaction.non_atomic_requests
@csrf_exempt
@require_POST
def stripe(request: Any) -> HttpResponse:
    """Checked, stored and answered; what it says is acted on after the answer. A message that we cannot place
    now is refused: the provider sends it again, with growing pauses.
    """
    try:
        receive_event(
            tenant=request.tenant, body=request.body, signature=request.headers.get("Stripe-Signature", "")
        )
    except BadSignature:
        return HttpResponse("bad signature", status=400, content_type="text/plain")
    except Misconfigured as error:
        log.error("card_provider_misconfigured", error=str(error))
        return HttpResponse("not set up", status=503, content_type="text/plain")
    except GatewayError as error:
        log.warning("card_event_not_taken", error=str(error))
        return HttpResponse("come again", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")

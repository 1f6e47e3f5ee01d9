"""How a document of this seller looks, on the issuer's page."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import Issuer
from billing_project.backoffice.acts import row_act
from invoices.services.previews import sample_document
from invoices.views.previews import preview_response


def _anyone(_request: Any) -> bool:
    return True


@row_act(Issuer, "sample", _("Sample document"), "preview", allowed=_anyone)
def sample(_request: Any, _issuer: Issuer) -> HttpResponse:
    return preview_response([sample_document()])

"""The test invoice of a tenant that is being set up."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import Customer
from accounts.services.setup import setup_of
from billing_project.tenancy.context import tenant_context
from invoices.rendering.content import Addressee
from invoices.services.previews import sample_document
from invoices.views.previews import preview_response


@require_safe
def sample(_request: HttpRequest, token: str) -> HttpResponse:
    """A made-up bill of the new seller to its first customer, marked as a preview and without a number."""
    tenant = setup_of(token).tenant()
    if tenant is None:
        raise Http404
    with tenant_context(tenant):
        document = sample_document()
        customer = Customer.objects.order_by("pk").first()
        if customer is not None:
            document = replace(document, addressee=Addressee(customer.name))
        return preview_response([document])

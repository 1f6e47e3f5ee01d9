"""Documents for programs: what the control panel shows, and the file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, generics, serializers
from rest_framework.views import APIView

from accounts.access import require
from accounts.rules import Right
from billing_project import clock
from invoices.forms import DocumentFilter
from invoices.models import Document, DocumentLine, DocumentTax
from invoices.panel import standing_of, visible_documents
from invoices.searching import search
from invoices.services.files import PDF, XML
from invoices.views.documents import download


class LineSerializer(serializers.ModelSerializer[DocumentLine]):
    class Meta:
        model = DocumentLine
        fields = (
            "position",
            "order_number",
            "transaction_date",
            "description",
            "quantity",
            "unit",
            "unit_price",
            "amount",
            "tax_category",
            "tax_rate",
        )


class TaxSerializer(serializers.ModelSerializer[DocumentTax]):
    class Meta:
        model = DocumentTax
        fields = ("tax_category", "tax_rate", "net", "tax")


class DocumentSerializer(serializers.ModelSerializer[Document]):
    """Sums in yen; `open_amount` is null where no money was ever asked for.

    `original` is the number of the document that this one returns or replaces, for the `reason` given;
    `replaced_by` that of the corrected document that stands in its place.
    """

    id = serializers.UUIDField(source="public_id")
    open_amount = serializers.IntegerField(allow_null=True)
    due_on = serializers.DateField(source="open_due", allow_null=True)
    standing = serializers.SerializerMethodField()
    original = serializers.CharField(source="original.number", allow_null=True, default=None)
    replaced_by = serializers.CharField(allow_null=True)

    class Meta:
        model = Document
        fields: tuple[str, ...] = (
            "id",
            "kind",
            "number",
            "issued_on",
            "due_on",
            "net_total",
            "tax_total",
            "total",
            "deposit_applied",
            "paid_at_issue",
            "to_pay",
            "open_amount",
            "standing",
            "original",
            "replaced_by",
            "reason",
        )

    def get_standing(self, document: Any) -> str:
        return standing_of(document, clock.today()).value


class DocumentDetailSerializer(DocumentSerializer):
    lines = LineSerializer(many=True)
    taxes = TaxSerializer(many=True)

    class Meta(DocumentSerializer.Meta):
        fields: tuple[str, ...] = (*DocumentSerializer.Meta.fields, "tax_inclusive", "lines", "taxes")


def _documents(request: Any) -> Any:
    require(request.member, Right.SEE_OWN_DOCUMENTS)
    return visible_documents(request.member).select_related("original")


_FILTERS = [
    OpenApiParameter(name, OpenApiTypes.STR)
    for name in (
        "q",
        "number",
        "counterparty",
        "kind",
        "standing",
        "issued_from",
        "issued_to",
        "least",
        "most",
    )
]


@extend_schema(parameters=_FILTERS)
class DocumentList(generics.ListAPIView[Document]):
    """The newest first; any filters together. Days as 2026-11-30, sums in yen."""

    serializer_class = DocumentSerializer

    def get_queryset(self) -> Any:
        form = DocumentFilter(self.request.GET)
        if not form.is_valid():
            raise exceptions.ValidationError(form.errors.get_json_data())
        return search(_documents(self.request), form.wanted(), clock.today())


class DocumentDetail(generics.RetrieveAPIView[Document]):
    serializer_class = DocumentDetailSerializer
    lookup_field = "public_id"

    def get_queryset(self) -> Any:
        return _documents(self.request).prefetch_related("lines", "taxes")


class DocumentPdf(APIView):
    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Any, public_id: UUID) -> HttpResponse:
        return download(request, get_object_or_404(_documents(request), public_id=public_id), PDF)


class DocumentXml(APIView):
    """The same as JP PINT XML."""

    @extend_schema(responses={(200, "application/xml"): OpenApiTypes.BINARY})
    def get(self, request: Any, public_id: UUID) -> HttpResponse:
        return download(request, get_object_or_404(_documents(request), public_id=public_id), XML)


urlpatterns = [
    path("documents/", DocumentList.as_view(), name="documents"),
    path("documents/<uuid:public_id>/", DocumentDetail.as_view(), name="document"),
    path("documents/<uuid:public_id>/pdf/", DocumentPdf.as_view(), name="document_pdf"),
    path("documents/<uuid:public_id>/xml/", DocumentXml.as_view(), name="document_xml"),
]

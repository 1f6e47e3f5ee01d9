"""Cancelling for programs: the same window, to the second, as on the screen (A13)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from cancellations.services import MAX_REASON, cancel
from orders.api import OrderSerializer
from orders.panel import visible_orders


class Reason(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=MAX_REASON, required=False, allow_blank=True, default="")


class CancelLine(APIView):
    @extend_schema(request=Reason, responses=OrderSerializer)
    def post(self, request: Any, public_id: UUID, position: int) -> Response:
        """Cancels one line; refused with `cancel_window_closed`, `already_cancelled` and the like."""
        order = get_object_or_404(visible_orders(request.member), public_id=public_id)
        given = Reason(data=request.data)
        given.is_valid(raise_exception=True)
        reason = given.validated_data["reason"]
        cancelled = cancel(order=order, line_position=position, member=request.member, reason=reason)
        return Response(OrderSerializer(cancelled).data)


urlpatterns = [
    path("orders/<uuid:public_id>/lines/<int:position>/cancel/", CancelLine.as_view(), name="cancel_line"),
]

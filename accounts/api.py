"""Who the key belongs to."""

from __future__ import annotations

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Member


class MemberSerializer(serializers.ModelSerializer[Member]):
    id = serializers.UUIDField(source="public_id")
    email = serializers.EmailField(source="user.email")
    customer = serializers.CharField(source="customer.name")
    customer_number = serializers.CharField(source="customer.code")

    class Meta:
        model = Member
        fields = ("id", "name", "email", "roles", "customer", "customer_number")


class Me(APIView):
    serializer_class = MemberSerializer

    def get(self, request: Request) -> Response:
        return Response(MemberSerializer(request.member).data)  # type: ignore[attr-defined]


urlpatterns = [path("me/", Me.as_view(), name="me")]

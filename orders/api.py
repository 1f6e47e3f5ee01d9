"""Catalogue and orders for programs."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import exceptions, generics, serializers
from rest_framework.response import Response

from accounts.access import require
from accounts.policy.choices import PaymentMethod
from accounts.rules import Right
from orders.models import Order, OrderLine, OrderState, Product
from orders.panel import visible_orders
from orders.rules import OrderedLine
from orders.selectors import catalogue, figures_of
from orders.services import place_order

_MAX_KEY = 255


class ProductSerializer(serializers.ModelSerializer[Product]):
    class Meta:
        model = Product
        fields = ("sku", "name", "description", "unit", "unit_price", "tax_category", "inquiry_required")


class OrderLineSerializer(serializers.ModelSerializer[OrderLine]):
    class Meta:
        model = OrderLine
        fields = (
            "position",
            "sku",
            "description",
            "quantity",
            "unit",
            "unit_price",
            "tax_category",
            "state",
            "delivered_on",
            "cancel_until",
        )


class OrderSerializer(serializers.ModelSerializer[Order]):
    """`total` in yen with tax, of the lines that stand."""

    id = serializers.UUIDField(source="public_id")
    total = serializers.SerializerMethodField()
    lines = serializers.SerializerMethodField()

    class Meta:
        model = Order
        fields = (
            "id",
            "number",
            "state",
            "payment_method",
            "ordered_on",
            "last_delivery_on",
            "purchase_order_number",
            "comment",
            "total",
            "lines",
        )

    def get_total(self, order: Order) -> int:
        return figures_of(order).total

    @extend_schema_field(OrderLineSerializer(many=True))
    def get_lines(self, order: Order) -> Any:
        return OrderLineSerializer(order.lines.order_by("position"), many=True).data


class WantedLine(serializers.Serializer[Any]):
    sku = serializers.CharField(max_length=60)
    quantity = serializers.IntegerField(min_value=1)


class NewOrder(serializers.Serializer[Any]):
    lines = WantedLine(many=True, allow_empty=False)
    payment_method = serializers.ChoiceField(PaymentMethod.choices, required=False)
    purchase_order_number = serializers.CharField(required=False, allow_blank=True, default="")
    comment = serializers.CharField(required=False, allow_blank=True, default="")


class ProductList(generics.ListAPIView[Product]):
    """What is sold today; prices in yen as the seller enters them, without or with tax."""

    serializer_class = ProductSerializer

    def get_queryset(self) -> Any:
        return catalogue()


_FILTERS = [
    OpenApiParameter("search", str),
    OpenApiParameter("state", str, enum=OrderState.values),
]
_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="A text of your own for this order, up to 255 characters: sent again, it is the same order.",
)


class OrderList(generics.ListAPIView[Order]):
    serializer_class = OrderSerializer

    def get_queryset(self) -> Any:
        wanted = self.request.GET
        return visible_orders(
            self.request.member,  # type: ignore[attr-defined]
            search=wanted.get("search", ""),
            state=wanted.get("state", ""),
        ).select_related("policy_version")

    @extend_schema(parameters=_FILTERS)
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(request=NewOrder, responses={201: OrderSerializer}, parameters=[_KEY])
    def post(self, request: Any) -> Response:
        """Orders at today's prices, addressed to the accounting contact as it stands now (A7)."""
        require(request.member, Right.ORDER)
        wanted = NewOrder(data=request.data)
        wanted.is_valid(raise_exception=True)
        given = wanted.validated_data
        order = place_order(
            customer=request.member.customer,
            member=request.member,
            lines=[OrderedLine(line["sku"], line["quantity"]) for line in given["lines"]],
            payment_method=given.get("payment_method"),
            submission=_submission(request),
            purchase_order_number=given["purchase_order_number"],
            comment=given["comment"],
        )
        return Response(OrderSerializer(order).data, status=201)


class OrderDetail(generics.RetrieveAPIView[Order]):
    serializer_class = OrderSerializer
    lookup_field = "public_id"

    def get_queryset(self) -> Any:
        return visible_orders(self.request.member).select_related("policy_version")  # type: ignore[attr-defined]


def _submission(request: Any) -> UUID:
    """The key as the order form's token: one of this company alone."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not 1 <= len(key) <= _MAX_KEY:
        raise exceptions.ValidationError(
            {"Idempotency-Key": ["Send a text of 1 to 255 characters that names this order."]}
        )
    return uuid5(NAMESPACE_URL, f"order/{request.member.customer_id}/{key}")


urlpatterns = [
    path("products/", ProductList.as_view(), name="products"),
    path("orders/", OrderList.as_view(), name="orders"),
    path("orders/<uuid:public_id>/", OrderDetail.as_view(), name="order"),
]

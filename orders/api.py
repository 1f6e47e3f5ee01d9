"""Catalogue and orders for programs."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import exceptions, generics, serializers
from rest_framework.response import Response

from accounts.access import require
from accounts.policy.choices import PaymentMethod
from accounts.rules import Right
from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.middleware import opens_own_context
from orders.models import Order, OrderLine, OrderState, Product
from orders.panel import visible_orders
from orders.rules import OrderedLine
from orders.selectors import catalogue, figures_of
from orders.services import place_order
from payments.models import Card
from payments.selectors.cards import cards_of

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


class CardSerializer(serializers.ModelSerializer[Card]):
    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = Card
        fields = ("id", "brand", "funding", "last4", "exp_month", "exp_year")


class WantedLine(serializers.Serializer[Any]):
    sku = serializers.CharField(max_length=60)
    quantity = serializers.IntegerField(min_value=1)


class NewOrder(serializers.Serializer[Any]):
    lines = WantedLine(many=True, allow_empty=False)
    payment_method = serializers.ChoiceField(PaymentMethod.choices, required=False)
    card = serializers.UUIDField(required=False, help_text="A saved card, for orders by card.")
    purchase_order_number = serializers.CharField(required=False, allow_blank=True, default="")
    comment = serializers.CharField(required=False, allow_blank=True, default="")


class ProductList(generics.ListAPIView[Product]):
    """What is sold today; prices in yen as the seller enters them, without or with tax."""

    serializer_class = ProductSerializer

    def get_queryset(self) -> Any:
        return catalogue()


class CardList(generics.ListAPIView[Card]):
    """The company's saved cards; they are entered in the control panel alone."""

    serializer_class = CardSerializer

    def get_queryset(self) -> Any:
        require(self.request.member, Right.ORDER)  # type: ignore[attr-defined]
        return cards_of(self.request.member.customer)  # type: ignore[attr-defined]


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
    """Its transactions are its own: an order by debit card is charged outside of them (A3)."""

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
        with tenant_context(request.tenant):
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
            card=_card(request, given.get("card")),
            submission=_submission(request),
            purchase_order_number=given["purchase_order_number"],
            comment=given["comment"],
        )
        with tenant_context(request.tenant):
            return Response(OrderSerializer(order).data, status=201)


class OrderDetail(generics.RetrieveAPIView[Order]):
    serializer_class = OrderSerializer
    lookup_field = "public_id"

    def get_queryset(self) -> Any:
        return visible_orders(self.request.member).select_related("policy_version")  # type: ignore[attr-defined]


def _card(request: Any, public_id: UUID | None) -> Card | None:
    if public_id is None:
        return None
    with tenant_context(request.tenant):
        found = cards_of(request.member.customer).filter(public_id=public_id).first()
    if found is None:
        raise exceptions.ValidationError({"card": ["There is no such card."]})
    card: Card = found
    return card


def _submission(request: Any) -> UUID:
    """The key as the order form's token: one of this company alone."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not 1 <= len(key) <= _MAX_KEY:
        raise exceptions.ValidationError(
            {"Idempotency-Key": ["Send a text of 1 to 255 characters that names this order."]}
        )
    return uuid5(NAMESPACE_URL, f"order/{request.member.customer_id}/{key}")


orders = opens_own_context(transaction.non_atomic_requests(OrderList.as_view()))
urlpatterns = [
    path("cards/", CardList.as_view(), name="cards"),
    path("products/", ProductList.as_view(), name="products"),
    path("orders/", orders, name="orders"),
    path("orders/<uuid:public_id>/", OrderDetail.as_view(), name="order"),
]

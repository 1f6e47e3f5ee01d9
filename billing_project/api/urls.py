"""The REST API, version 1: each room brings its addresses."""

from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView

app_name = "api"
urlpatterns = [
    path("schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path("", include("accounts.api")),
    path("", include("orders.api")),
    path("", include("cancellations.api")),
    path("", include("invoices.api")),
]

"""Every address of the product; which of them a host serves is said by `tenancy.middleware`."""

from django.contrib import admin
from django.urls import include, path

from billing_project import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]

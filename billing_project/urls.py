"""What a tenant's host serves; the base domain has `platform_urls`."""

from django.contrib import admin
from django.urls import include, path

from billing_project import styleguide
from billing_project.favicon import favicon
from billing_project.resuming import resume

urlpatterns = [
    path("favicon.ico", favicon, name="favicon"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/sessions/", include("accounts.session_urls")),
    path("accounts/", include("allauth.urls")),
    path("resume/", resume, name="resume"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("billing_project.api.urls")),
    path("styleguide/", styleguide.in_development, name="styleguide"),
    path("", include("accounts.urls")),
    path("", include("orders.urls")),
    path("", include("invoices.urls")),
    path("", include("payments.urls")),
    path("", include("cancellations.urls")),
]

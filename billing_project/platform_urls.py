"""What the base domain serves: no tenant is there, so no room is either."""

from django.urls import include, path, re_path

from billing_project import captured_mail, landing
from billing_project.favicon import favicon

urlpatterns = [
    path("favicon.ico", favicon, name="favicon"),
    path("", landing.landing, name="landing"),
    path("setup/", include("accounts.setup.urls")),
    path("setup/", include("invoices.setup_urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("mail/", captured_mail.mail_list, name="mail_list"),
    re_path(r"^mail/(?P<key>[\w.-]+:\d+)/$", captured_mail.mail_detail, name="mail_detail"),
    re_path(r"^mail/(?P<key>[\w.-]+:\d+)/html/$", captured_mail.mail_html, name="mail_html"),
]

"""The icon that browsers ask for by themselves where no page names one: beside a JSON, a PDF, a print."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static


def favicon(_request: HttpRequest) -> HttpResponse:
    return redirect(static("img/logo.svg"))

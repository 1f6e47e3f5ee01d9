"""A member's own page: name, language, and which reminders come by mail."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.access import member_required
from accounts.forms import ProfileForm
from accounts.services.profile import change_profile
from billing_project.forms import refusals_on, sent


@member_required()
def profile(request: Any) -> HttpResponse:
    form = ProfileForm(sent(request), member=request.member)
    if form.is_valid():
        with refusals_on(form):
            change_profile(member=request.member, **form.wanted())
    if not form.is_bound or form.errors:
        return render(request, "accounts/profile.html", {"form": form}, status=422 if form.errors else 200)
    with translation.override(request.member.language or translation.get_language()):
        messages.success(request, _("Your profile has been changed."))
    answer = redirect("accounts:profile")
    if request.member.language:
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, request.member.language, samesite="Lax")
    return answer

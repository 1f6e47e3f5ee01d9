"""The pages behind a set-up link, on the base domain."""

from __future__ import annotations

from contextlib import nullcontext

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.bank_names import bank_name, branch_name
from accounts.models import Tenant
from accounts.services.setup import DONE, STEPS, Setup, finished_tenant, one_at_a_time, reached, setup_of
from accounts.setup.forms import BankForm
from accounts.setup.steps import ALL, form_of
from billing_project.errors import Code, Refusal
from billing_project.tenancy.context import tenant_context


@never_cache
def begin(request: HttpRequest, token: str) -> HttpResponse:
    """Leads to the step at which the set-up was left."""
    try:
        tenant = setup_of(token).tenant()
    except Refusal as refusal:
        return _ended(request, token, refusal)
    return redirect("setup_step", token, (tenant.setup_step if tenant else "") or STEPS[0])


@never_cache
def step(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """Shows a step, and saves what was sent; a step that is not reached yet leads to the one that is."""
    try:
        setup = setup_of(token)
    except Refusal as refusal:
        return _ended(request, token, refusal)
    if name not in ALL:
        raise Http404
    with one_at_a_time(setup):
        tenant = setup.tenant()
        if STEPS.index(name) > _furthest(tenant):
            return redirect("setup", token)
        with tenant_context(tenant) if tenant else nullcontext():
            return _page(request, token, name, setup, tenant)


def _furthest(tenant: Tenant | None) -> int:
    return STEPS.index(tenant.setup_step) if tenant and tenant.setup_step else 0


def _page(request: HttpRequest, token: str, name: str, setup: Setup, tenant: Tenant | None) -> HttpResponse:
    initial = ALL[name].saved(setup) if tenant else {}
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = form_of(name, setup, *sent, initial=initial)
    if tenant and name == "shop":
        form.fields["preset"].disabled = True
    if request.method == "POST" and form.is_valid() and _saved(request, name, setup, form):
        return _onward(request, token, name, setup)
    context = {
        "form": form,
        "step": ALL[name],
        "name": name,
        "token": token,
        "setup": setup,
        "shop": tenant,
        "steps": [(each, ALL[each].title, index <= _furthest(tenant)) for index, each in enumerate(STEPS)],
        "before": STEPS[STEPS.index(name) - 1] if name != STEPS[0] else "",
        "after": STEPS[STEPS.index(name) + 1] if ALL[name].may_skip else "",
    }
    return render(request, "setup/step.html", context, status=422 if form.errors else 200)


def _saved(request: HttpRequest, name: str, setup: Setup, form: forms.Form) -> bool:
    try:
        warning = ALL[name].save(setup, form.cleaned_data)
    except Refusal as refusal:
        _show(form, refusal)
        return False
    if warning:
        messages.warning(request, str(warning))
    return True


def _show(form: forms.Form, refusal: Refusal) -> None:
    problems = [each for each in refusal.details.get("problems", ()) if isinstance(each, dict)]
    for problem in problems:
        field = problem.get("field")
        form.add_error(field if field in form.fields else None, problem["message"])
    if not problems:
        form.add_error(None, refusal.message)


def _onward(request: HttpRequest, token: str, name: str, setup: Setup) -> HttpResponse:
    tenant = setup.tenant()
    assert tenant is not None
    if tenant.setup_step == DONE:
        return redirect("setup", token)
    following = STEPS[STEPS.index(name) + 1]
    reached(tenant=tenant, step=following)
    return redirect("setup_step", token, following)


@require_POST
def skip(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """Goes on without what this step asks for."""
    setup = setup_of(token)
    if name not in ALL or not ALL[name].may_skip:
        raise Http404
    with one_at_a_time(setup):
        tenant = setup.tenant()
        if tenant is None or STEPS.index(name) > _furthest(tenant):
            return redirect("setup", token)
        return _onward(request, token, name, setup)


def address_of(request: HttpRequest, tenant: Tenant, path: str) -> str:
    """A page of the tenant's own host."""
    port = f":{request.get_port()}" if ":" in request.get_host() else ""
    return f"{request.scheme}://{tenant.slug}.{settings.BASE_DOMAIN}{port}{path}"


@require_safe
def bank_names(request: HttpRequest, token: str) -> HttpResponse:
    """The two fields with the names of bank and branch, for the codes as they are being typed."""
    setup_of(token)
    bank, branch = request.GET.get("bank_code", ""), request.GET.get("branch_code", "")
    form = BankForm(initial={"bank_name": bank_name(bank), "branch_name": branch_name(bank, branch)})
    return render(request, "setup/_bank_names.html", {"form": form})


def _ended(request: HttpRequest, token: str, refusal: Refusal) -> HttpResponse:
    """After the last step where the shop is; else that the link is too old or none of ours."""
    status = 410 if refusal.code == Code.LINK_EXPIRED else 404
    tenant = finished_tenant(token) if status == 410 else None
    if tenant is not None:
        address = address_of(request, tenant, "/admin/")
        return render(request, "setup/ready.html", {"shop": tenant, "address": address})
    context = {"code": status}
    return render(request, "setup/ended.html", context, status=status)

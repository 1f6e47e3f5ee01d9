"""The certificate of the e-seal, on the issuer's page; and what sealed a document, on the document's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget

from accounts.models import Issuer
from billing_project import clock
from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, list_of, may_administer, page_of, row_act
from billing_project.backoffice.asking import Ask, first_of
from billing_project.backoffice.columns import add_fact
from billing_project.backoffice.dashboard import Waiting, dashboard
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.pages import Fact, Facts, Prose, Section, section
from invoices.eseal.services import (
    WARNED_BEFORE,
    certificate_in_use,
    remove_certificate,
    upload_certificate,
)
from invoices.models import Document, DocumentSeal, SealCertificate

TITLE = _("Electronic seal")


class CertificateForm(OperatorForm):
    file = forms.FileField(label=_("certificate (PKCS#12, .p12 or .pfx)"), widget=UnfoldAdminFileFieldWidget)
    password = forms.CharField(
        label=_("password of the file"),
        required=False,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "off"}),
    )


@row_act(Issuer, "seal", _("Certificate of the e-seal"), "verified", allowed=may_administer)
def upload_page(request: Any, issuer: Issuer) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> Any:
        upload_certificate(content=cleaned["file"].read(), password=cleaned["password"])
        return _("Documents are sealed with this certificate from now on.")

    form = CertificateForm(request.POST or None, request.FILES or None)
    lead = _("Its key is stored encrypted and never shown. A certificate before it is removed.")
    question = Question(TITLE, form, act, page_of(issuer), lead, button=_("Upload"))
    return ask(request, question, original=issuer, opts=issuer._meta)


@row_act(
    Issuer,
    "remove-seal",
    _("Remove the certificate"),
    "remove_moderator",
    allowed=may_administer,
    offered=lambda _issuer: certificate_in_use() is not None,
    tone="danger",
)
def remove_page(request: Any, issuer: Issuer) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> Any:
        remove_certificate()
        return _("Documents are no longer sealed.")

    lead = _("Documents that were sealed stay so. The key is deleted.")
    title = _("Remove the certificate")
    question = Question(title, OperatorForm(request.POST), act, page_of(issuer), lead, tone="danger")
    return ask(request, question, original=issuer, opts=issuer._meta)


@section(Issuer, order=30)
def certificate_facts(_request: Any, _issuer: Issuer) -> Section:
    found = certificate_in_use()
    if found is None:
        return Prose(TITLE, _("None: documents are not sealed."))
    return Facts(
        TITLE,
        (
            Fact(_("issued to"), found.subject),
            Fact(_("issued by"), found.authority),
            Fact(_("serial number"), cells.mono(found.serial)),
            Fact(_("key"), found.key_type),
            Fact(_("valid from"), cells.moments(found.not_before)),
            Fact(_("valid until"), cells.moments(found.not_after)),
            Fact(_("state"), _validity(found)),
        ),
    )


def _validity(certificate: SealCertificate) -> Any:
    left = certificate.not_after - clock.now()
    if left.total_seconds() <= 0:
        return cells.label(_("Expired"), "danger")
    if left <= WARNED_BEFORE:
        return cells.label(_("Expires soon"), "warning")
    return cells.label(_("Valid"), "success")


add_fact(Document, "is_sealed", lambda: Exists(DocumentSeal.objects.filter(document=OuterRef("pk"))))


@section(Document, order=55)
def document_seal(_request: Any, document: Any) -> Section | None:
    if not document.is_sealed:
        return None
    seal = DocumentSeal.objects.select_related("certificate").filter(document=document)[0]
    facts = (
        Fact(_("sealed by"), seal.certificate.subject),
        Fact(_("issued by"), seal.certificate.authority),
        Fact(_("certificate valid until"), cells.moments(seal.certificate.not_after)),
        Fact(_("sealed"), cells.moments(seal.sealed_at)),
    )
    return Facts(TITLE, facts)


def _end() -> dict[str, Ask]:
    return {"seal_ends": first_of(SealCertificate.objects.filter(removed_at=None), "not_after")}


@dashboard(Waiting, order=12, asks=_end)
def seal_waits(_request: Any, found: dict[str, Any]) -> Iterator[Waiting]:
    end = found["seal_ends"]
    if end is None or end - clock.now() > WARNED_BEFORE:
        return
    if end <= clock.now():
        text = _("The certificate of the e-seal has expired: documents are issued without a seal.")
        yield Waiting(text, list_of(Issuer), "danger")
    else:
        text = _("The certificate of the e-seal expires on %(day)s.")
        yield Waiting(text % {"day": f"{localtime(end):%Y-%m-%d}"}, list_of(Issuer))

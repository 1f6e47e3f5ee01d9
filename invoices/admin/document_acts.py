"""What operators do with a document: read its PDF, mail it again, revoke its links."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.selectors import contact_of
from billing_project.backoffice.acts import Question, ask, page_of, row_act
from billing_project.backoffice.bulk import bulk_act
from billing_project.backoffice.forms import OperatorForm
from invoices.models import Document, DocumentLink
from invoices.services.files import PDF, XML
from invoices.services.links import is_open, revoke_link
from invoices.services.mailing import mail_again
from invoices.views.documents import download


class LinksForm(OperatorForm):
    links = forms.MultipleChoiceField(
        label=_("Links that are open"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one link.")},
    )

    def __init__(self, data: Any = None, *, open_links: list[DocumentLink]) -> None:
        super().__init__(data, initial={"links": [link.pk for link in open_links]})
        choices = [(link.pk, f"{link.email} ({link.created_at:%Y-%m-%d})") for link in open_links]
        self.fields["links"].choices = choices  # type: ignore[attr-defined]


def _anyone(_request: Any) -> bool:
    return True


@row_act(Document, "pdf", _("PDF"), "picture_as_pdf", allowed=_anyone, tone="primary")
def pdf(request: Any, document: Document) -> HttpResponse:
    """The file itself; the download log notes the operator."""
    return download(request, document, PDF)


@row_act(Document, "xml", _("XML (JP PINT)"), "code", allowed=_anyone)
def xml(request: Any, document: Document) -> HttpResponse:
    """The same for machines."""
    return download(request, document, XML)


@row_act(Document, "mail", _("Mail again"), "forward_to_inbox")
def mail(request: Any, document: Any) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> Any:
        mail_again(document=document)
        return _("The document is being mailed.")

    lead = _(
        "A new link to %(number)s is mailed to the accounting contact, %(email)s. Earlier links stay open."
    )
    address = contact_of(document.customer).email
    question = Question(
        _("Mail again"),
        OperatorForm(request.POST),
        act,
        page_of(document),
        lead % {"number": document.number, "email": address},
    )
    return ask(request, question, original=document, opts=document._meta)


@bulk_act(
    Document,
    "mail-found",
    _("Mail all again"),
    "forward_to_inbox",
    lead=_("A new link to each document is mailed to its customer's accounting contact of today."),
)
def mail_found(document: Document, _choice: dict[str, Any]) -> None:
    mail_again(document=document)


@row_act(Document, "revoke-links", _("Revoke links"), "link_off", tone="danger")
def revoke(request: Any, document: Document) -> HttpResponse:
    found = DocumentLink.objects.filter(document=document).order_by("-created_at")
    open_links = [link for link in found if is_open(link)]

    def act(cleaned: dict[str, Any]) -> Any:
        for link in open_links:
            if str(link.pk) in cleaned["links"]:
                revoke_link(link=link)
        return _("The links open nothing any more.")

    form = LinksForm(request.POST or None, open_links=open_links)
    lead = _("Whoever has a revoked link can no longer open the document by it.")
    if not open_links:
        lead = _("No link of this document is open.")
    question = Question(_("Revoke links"), form, act, page_of(document), lead, tone="danger")
    return ask(request, question, original=document, opts=document._meta)

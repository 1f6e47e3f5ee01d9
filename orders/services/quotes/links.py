"""Links of quotes: unguessable, expiring, revocable, every download logged, as those of documents (A8)."""

from __future__ import annotations

from django.db import transaction

from billing_project import clock
from billing_project.audit.services import record
from invoices.services.links import Visitor, digest_of, new_link
from orders.models import Quote, QuoteAccess, QuoteLink


def create_quote_link(*, quote: Quote, email: str) -> str:
    """Makes a link for whoever reads `email`; gives the token, which is kept nowhere else."""
    token, fields = new_link(email)
    QuoteLink.objects.create(quote=quote, **fields)
    return token


def quote_link_of(token: str) -> QuoteLink | None:
    """The link of that token, also when it no longer opens anything."""
    links = QuoteLink.objects.filter(token_sha256=digest_of(token))
    link: QuoteLink | None = links.select_related("quote").first()
    return link


@transaction.atomic
def revoke_quote_link(*, link: QuoteLink) -> None:
    """From now on the link opens nothing; revoking it again changes nothing."""
    if QuoteLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=clock.now()):
        quote: Quote = link.quote
        record("quote_link_revoked", quote, email=link.email)


def log_quote_access(
    *, quote: Quote, action: str, visitor: Visitor, link: QuoteLink | None = None
) -> QuoteAccess:
    """Writes one line of the download log."""
    access: QuoteAccess = QuoteAccess.objects.create(
        quote=quote, link=link, action=action, at=clock.now(), **visitor.fields
    )
    return access

"""`mails` and `no_mails`: what was sent since one of the two was last asked for."""

from collections import Counter
from collections.abc import Sequence

from accounts.models import AccountingContact
from billing_project.outbox.models import Mail, MailState
from playbooks.format.expect import ExpectedMail
from playbooks.runner.world import World


def check_mails(world: World, expected: Sequence[ExpectedMail]) -> list[str]:
    """Each must have been sent; a mail that is listed n times, at least n times."""
    sent = _new(world)
    lines: list[str] = []
    for wanted, times in Counter(expected).items():
        address = _address(world, wanted.to)
        fitting = [
            mail for mail in sent if mail.recipient == address and (wanted.subject or "") in mail.subject
        ]
        if len(fitting) < times:
            what = f"a mail to {wanted.to} <{address}>: {wanted.subject or 'any'}"
            lines.append(
                f"mails: expected {what}{f' ({times} times)' if times > 1 else ''}, found {_listed(sent)}"
            )
    return lines


def check_no_mails(world: World, _expected: bool) -> list[str]:
    sent = _new(world)
    return [f"no_mails: expected none, found {_listed(sent)}"] if sent else []


def mark_mails_seen(world: World) -> None:
    world.seen.mails.update(mail.pk for mail in _new(world))


def _new(world: World) -> list[Mail]:
    return list(Mail.objects.filter(state=MailState.SENT).exclude(pk__in=world.seen.mails).order_by("pk"))


def _address(world: World, ref: str) -> str:
    """A member's own address, or the present one of a customer's accounting contact."""
    if ref in world.members:
        return world.members[ref].user.email
    return AccountingContact.objects.get(customer=world.customers[ref]).email


def _listed(mails: Sequence[Mail]) -> str:
    return "; ".join(f"<{mail.recipient}> {mail.subject}" for mail in mails) or "none"

"""What must hold after every step, whatever the story says."""

from collections.abc import Iterable

from django.apps import apps
from django.db import connection
from django.db.models import Count, F, Max, Min, Q, Sum

from accounts.models import Addressee
from billing_project.audit.models import AuditEntry
from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.models import TenantModel
from invoices.models import Allocation, AllocationSource, Document, DocumentLine, DocumentTax
from ledger.models import Account, CustomerBalance, Line
from orders.models import Order, OrderCounter, OrderLine, PendingDelivery
from payments.models import Card, CardHolder, CardPayment, CardSetup, Payment
from playbooks.runner.outcome import StoryFailed
from playbooks.runner.world import World

_QUIET_APPS = {"outbox", "audit", "jobs"}
_QUIET_MODELS = {CardHolder, CardSetup}
"""What a visit to the card company's page leaves, whatever comes of it."""
_TRIED = (Addressee, Card, CardPayment, CustomerBalance, Order, OrderCounter, OrderLine, PendingDelivery)
REFUSED_CHARGE = [model._meta.db_table for model in _TRIED]
"""What a charge that was refused leaves: the attempt, and of a debit card its cancelled order."""
_FROZEN = (Document, DocumentLine, DocumentTax, AuditEntry)


def check_invariants(world: World) -> None:
    """Raises StoryFailed with everything that does not hold."""
    with tenant_context(world.tenant):
        broken = [
            *_entries_balance(),
            *_balances_equal_ledger(),
            *_records_unchanged(world),
            *_numbers_without_gaps(),
            *_charges_billed_once(),
            *_money_not_overspent(),
        ]
    if broken:
        raise StoryFailed(*(f"must always hold: {line}" for line in broken))


def _entries_balance() -> Iterable[str]:
    sums = Line.objects.values("entry").annotate(rest=Sum("amount")).exclude(rest=0)
    return [f"the ledger entry {row['entry']} balances; its lines leave {row['rest']:,}" for row in sums]


def _balances_equal_ledger() -> Iterable[str]:
    booked = _booked()
    for balance in CustomerBalance.objects.select_related("customer"):
        for account, sign in ((Account.RECEIVABLE, 1), (Account.DEPOSIT, -1)):
            kept = getattr(balance, account.value)
            total = sign * booked.pop((balance.customer_id, account.value), 0)
            if kept != total:
                yield f"{account.value} of {balance.customer} equals its ledger; {kept:,} ≠ {total:,}"
    for (customer, name), amount in booked.items():
        if amount:
            yield f"customer {customer} has a balance row; {name} holds {amount:,}"


def _booked() -> dict[tuple[int, str], int]:
    rows = Line.objects.filter(account__in=[Account.RECEIVABLE, Account.DEPOSIT])
    sums = rows.values_list("customer_id", "account").annotate(total=Sum("amount"))
    return {(customer, account): total for customer, account, total in sums}


def _records_unchanged(world: World) -> Iterable[str]:
    now = {key: text for model in _FROZEN for key, text in _rows(model)}
    before, world.frozen_rows = world.frozen_rows, now
    return [
        f"what was issued or recorded never changes; {key} did"
        for key, text in before.items()
        if now.get(key) != text
    ]


def _rows(model: type[TenantModel]) -> Iterable[tuple[str, str]]:
    """Each row as text, by table and id."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, md5(t::text) FROM {connection.ops.quote_name(table)} t")  # noqa: S608
        return [(f"{table} {pk}", text) for pk, text in cursor.fetchall()]


def _numbers_without_gaps() -> Iterable[str]:
    runs = Document.objects.values("kind", "year").annotate(
        count=Count("pk"), first=Min("serial"), last=Max("serial")
    )
    gaps = runs.exclude(first=1, last=F("count"))
    return [f"numbers have no gaps; {gap['kind']} {gap['year']} runs to {gap['last']}" for gap in gaps]


def _charges_billed_once() -> Iterable[str]:
    twice = DocumentLine.objects.values("charge").annotate(count=Count("pk")).filter(count__gt=1)
    return [f"a charge is on at most one document; {row['charge']} is on {row['count']}" for row in twice]


def _money_not_overspent() -> Iterable[str]:
    for balance in CustomerBalance.objects.filter(Q(deposit__lt=0) | Q(deposit__lt=F("reserved"))):
        yield f"unapplied money is not negative; a customer's deposit is {balance.deposit:,}"
    spent = Allocation.objects.filter(source=AllocationSource.PAYMENT).values("source_id")
    used = dict(spent.annotate(total=Sum("amount")).values_list("source_id", "total"))
    for payment in Payment.objects.filter(pk__in=used):
        if used[payment.pk] > payment.amount:
            yield f"unapplied money is not negative; payment {payment} paid {used[payment.pk]:,}"


def fingerprint() -> dict[str, str]:
    """The content of every table that a refusal must leave alone, in the tenant's context."""
    tables = [
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, TenantModel)
        and model._meta.app_label not in _QUIET_APPS
        and model not in _QUIET_MODELS
    ]
    pieces = (
        f"SELECT '{table}', md5(coalesce(string_agg(t::text, '|' ORDER BY id), '')) FROM {table} t"  # noqa: S608
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(pieces))
        return dict(cursor.fetchall())

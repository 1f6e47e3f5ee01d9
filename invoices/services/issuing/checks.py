"""Nothing is issued that lacks what it must state: `invoices.conformity` for all documents of a run at once.

The tax is not divided a second time: it is held against what rounding allows it to be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q, Sum

from accounts.policy.choices import TaxCategory
from billing_project.money import Rounding
from invoices.conformity import BLANKS, Item, Problem, issuer_problems, problems_of, refuse
from invoices.models import Document, DocumentKind, DocumentTax, IssuerSnapshot
from invoices.rendering.from_document import content_of
from invoices.tax import TaxSum, rates_by_day

MOST_NAMED = 20
MOST_LEFT_OUT = 100
_MOST_FOUND = 2_000

_DAY = "coalesce(original_on, transaction_date)"
_RATE = "".join(
    f" WHEN tax_category = '{category.value}' AND {_DAY} >= '{since}' THEN {percent}"
    for category, since, percent in rates_by_day()
)

# With q = |amount| × rate and w = what it is divided by, the tax t of each rounding is the whole number with
# floor: 0 ≤ q − tw < w, half up: −w ≤ 2(q − tw) < w turned round, ceil: −w < q − tw ≤ 0.
_ROUNDED = """CASE %(rounding)s
    WHEN 'floor' THEN rest >= 0 AND rest < whole
    WHEN 'half_up' THEN 2 * rest < whole AND 2 * rest >= -whole
    WHEN 'ceil' THEN rest <= 0 AND rest > -whole
END"""

FOUND = f"""
WITH lines AS (
    SELECT document, tax_category, tax_rate, sum(amount) AS amount,
           bool_or(btrim(description, %(blanks)s) = '') AS no_description,
           bool_or(quantity < 0 AND original_on IS NULL) AS no_original_day,
           bool_or(%(charges_tax)s AND tax_rate IS DISTINCT FROM CASE{_RATE} END
                   OR NOT %(charges_tax)s AND tax_rate IS NOT NULL) AS wrong_rate,
           bool_or(amount <> quantity * unit_price) AS wrong_amount
    FROM issue_line GROUP BY document, tax_category, tax_rate
), taxes AS (
    SELECT t.*, d.tax_inclusive, d.total, d.kind,
           abs(CASE WHEN d.tax_inclusive THEN t.net + t.tax ELSE t.net END) * coalesce(tax_rate, 0)
               - abs(t.tax) * whole AS rest, whole
    FROM issue_tax t JOIN issue_document d USING (document),
    LATERAL (SELECT CASE WHEN d.tax_inclusive THEN 100 + coalesce(tax_rate, 0) ELSE 100 END) AS w (whole)
), found AS (
    SELECT document, 'description' AS item FROM lines WHERE no_description
    UNION ALL SELECT document, 'original_supply_date' FROM lines WHERE no_original_day
    UNION ALL SELECT document, 'rate' FROM lines WHERE wrong_rate
    UNION ALL SELECT document, 'amount' FROM lines WHERE wrong_amount
    UNION ALL SELECT coalesce(l.document, t.document), 'net'
    FROM lines l FULL JOIN taxes t ON t.document = l.document AND t.tax_category = l.tax_category
        AND coalesce(t.tax_rate, -1) = coalesce(l.tax_rate, -1)
    WHERE l.amount IS DISTINCT FROM CASE WHEN t.tax_inclusive THEN t.net + t.tax ELSE t.net END
    UNION ALL SELECT document, 'tax' FROM taxes
    WHERE %(returns_of)s::bigint IS NULL
      AND (NOT {_ROUNDED} OR tax * CASE WHEN tax_inclusive THEN net + tax ELSE net END < 0)
    UNION ALL SELECT document, 'total' FROM issue_document d JOIN (
        SELECT document, sum(net) AS net, sum(tax) AS tax FROM issue_tax GROUP BY document
    ) AS sums USING (document) WHERE (d.net, d.tax, d.total) <> (sums.net, sums.tax, sums.net + sums.tax)
    UNION ALL SELECT document, 'recipient' FROM issue_document d
    JOIN accounts_addressee a ON a.tenant_id = %(tenant)s AND a.id = d.addressee_id
    WHERE btrim(a.company_name, %(blanks)s) = ''
)
SELECT DISTINCT item, c.code, c.name, c.id, d.document
FROM found JOIN issue_document d USING (document)
JOIN accounts_customer c ON c.tenant_id = %(tenant)s AND c.id = d.customer_id
ORDER BY d.document, item LIMIT {_MOST_FOUND}
"""  # noqa: S608


def check_issuer(snapshot: IssuerSnapshot) -> None:
    """Raises Refusal `not_conforming` for what every document of the run would lack."""
    said = snapshot.content
    number = said["registration_number"] or None
    refuse(Problem(item) for item in issuer_problems(said["name"], number, charges_tax=said["charges_tax"]))


def check_run(cursor: Any, parameters: Mapping[str, Any]) -> None:
    """Raises Refusal `not_conforming` that names the customers and what their documents lack."""
    _refuse(_found(cursor, parameters))


def to_be_left_out(cursor: Any, parameters: Mapping[str, Any]) -> dict[int, list[str]]:
    """Ids of customers whose documents of the run lack something, and what (codes of `Item`).

    More than `MOST_LEFT_OUT` are no matter of single customers: raises Refusal `not_conforming`.
    """
    found = _found(cursor, parameters)
    missing: dict[int, list[str]] = {}
    for item, _code, _name, customer_id, _document in found:
        missing.setdefault(customer_id, []).append(item)
    if len(missing) > MOST_LEFT_OUT:
        _refuse(found)
    return {customer_id: sorted(set(items)) for customer_id, items in missing.items()}


def _found(cursor: Any, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    cursor.execute(FOUND, {**parameters, "blanks": BLANKS})
    return list(cursor.fetchall())


def _refuse(found: Sequence[tuple[Any, ...]]) -> None:
    refuse(Problem(Item(item), f"{name} ({code})") for item, code, name, *_ids in found[:MOST_NAMED])


def check_document(document: Document) -> None:
    """The same for one document as it will be printed."""
    left_over = _left_over(document) if document.kind == DocumentKind.RETURN_INVOICE else ()
    refuse(problems_of(content_of(document), Rounding(document.tax_rounding), left_over))


def _left_over(document: Document) -> list[TaxSum]:
    """What was left per rate of the document that this return undoes, before it."""
    original = document.original_id
    earlier = Q(document__original=original, document__kind=DocumentKind.RETURN_INVOICE)
    found = DocumentTax.objects.filter(Q(document=original) | earlier, document__lt=document.pk)
    sums = found.values_list("tax_category", "tax_rate").annotate(Sum("net"), Sum("tax")).order_by()
    return [TaxSum(TaxCategory(category), rate, net, tax) for category, rate, net, tax in sums]

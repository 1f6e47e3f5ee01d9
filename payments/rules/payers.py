"""Whose transfer it is: the customer that a payer's name or number tells for certain."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from payments.bank_files.incoming import NAME_LENGTH
from payments.bank_files.kana import printed_name
from payments.bank_files.legal_forms import bare_name, without_numbers

SHORTEST_NUMBER = 4
"""Fewer digits are part of a name, as in ｱｸﾒ2."""
SHORTEST_LIKENESS = 3
_NUMBER = re.compile(r"[A-Z]{0,5}-?\d[\d-]*")
_NOT_IN_NUMBERS = re.compile(r"[^A-Z0-9]")


class Candidate(NamedTuple):
    """A customer as far as payers may name it; `code` is its customer number."""

    customer_id: int
    code: str
    name_kana: str


@dataclass
class _Names:
    """Names to customers; a name that the bank has cut fits all that begin with it."""

    customers: dict[str, tuple[int, ...]] = field(default_factory=dict)
    _sorted: list[str] | None = None

    def add(self, name: str, customer_id: int) -> None:
        if name:
            _add_to(self.customers, name, customer_id)

    def find(self, name: str, *, is_cut: bool) -> set[int]:
        if not name:
            return set()
        found = set(self.customers.get(name, ()))
        return found | self._beginning_with(name) if is_cut else found

    def _beginning_with(self, name: str) -> set[int]:
        if self._sorted is None:
            self._sorted = sorted(self.customers)
        found: set[int] = set()
        for place in range(bisect_left(self._sorted, name), len(self._sorted)):
            if not self._sorted[place].startswith(name):
                break
            found.update(self.customers[self._sorted[place]])
        return found


def _add_to(customers: dict[str, tuple[int, ...]], name: str, customer_id: int) -> None:
    # Tuples: tens of thousands of sets would keep the collector of garbage busier than all else.
    customers[name] = (*customers.get(name, ()), customer_id)


class CustomerNames:
    """All customers of a tenant by customer number and own kana name."""

    def __init__(self, customers: Iterable[Candidate]) -> None:
        self._customers = list(customers)
        self.own = _Names()
        for pk, _code, name_kana in self._customers:
            self.own.add(bare_name(name_kana), pk)

    @cached_property
    def codes(self) -> dict[str, tuple[int, ...]]:
        """By customer number; most payers give none."""
        codes: dict[str, tuple[int, ...]] = {}
        for pk, code, _name in self._customers:
            for number in _numbers_of(code):
                _add_to(codes, number, pk)
        return codes


class PayerIndex:
    """All customers of a tenant by virtual account, customer number, learned name and own kana name."""

    def __init__(
        self,
        customers: CustomerNames,
        learned: Iterable[tuple[str, int]],
        virtual_accounts: Iterable[tuple[str, int]] = (),
    ) -> None:
        self._customers, self._learned = customers, _Names()
        self._virtual = {number.lstrip("0"): customer_id for number, customer_id in virtual_accounts}
        for name, customer_id in learned:
            self._learned.add(printed_name(name), customer_id)

    def find(self, payer: str, *, payer_code: str = "") -> set[int]:
        """The customers that the payer may be; only when there is just one is it certain.

        A number decides before a name: of a virtual account, then of a customer.
        """
        return self._by_number(payer, payer_code) or self._by_name(payer)

    def similar(self, payer: str) -> set[int]:
        """Customers whose own name begins like the payer's, or the other way round: worth a look."""
        name = bare_name(without_numbers(payer))
        if len(name) < SHORTEST_LIKENESS:
            return set()
        own = self._customers.own
        found = own.find(name, is_cut=True)
        for length in range(SHORTEST_LIKENESS, len(name)):
            found.update(own.customers.get(name[:length], ()))
        return found

    def _by_number(self, payer: str, payer_code: str) -> set[int]:
        if customer_id := self._virtual.get(payer_code.lstrip("0")):
            return {customer_id}
        numbers = numbers_in(payer)
        virtual = {self._virtual[each.lstrip("0")] for each in numbers if each.lstrip("0") in self._virtual}
        return virtual or {pk for each in numbers for pk in self._customers.codes.get(each, ())}

    def _by_name(self, payer: str) -> set[int]:
        printed, is_cut = printed_name(payer), len(printed_name(payer)) >= NAME_LENGTH
        found: set[int] = set()
        for name in dict.fromkeys((printed, without_numbers(printed))):
            own = self._customers.own.find(bare_name(name), is_cut=is_cut)
            found = self._learned.find(name, is_cut=is_cut) | own
            if found:
                break
        return found


def numbers_in(text: str) -> set[str]:
    """Numbers that a payer put in a text: `INV-2026-000012ｱｸﾒ` names INV2026000012 and 2026000012."""
    numbers = {_plain(found) for found in _NUMBER.findall(printed_name(text))}
    numbers |= {re.sub(r"\D", "", number) for number in numbers}
    return {number for number in numbers if sum(map(str.isdigit, number)) >= SHORTEST_NUMBER}


@lru_cache(maxsize=65536)
def _numbers_of(code: str) -> tuple[str, ...]:
    """How a payer may write the customer number; kept, since every index asks for all of them."""
    plain = _plain(code)
    digits = re.sub(r"\D", "", plain)
    return tuple({plain, digits}) if len(digits) >= SHORTEST_NUMBER else ()


def _plain(number: str) -> str:
    return _NOT_IN_NUMBERS.sub("", printed_name(number))

"""Names of banks and branches by their codes, from the data of the package zengin-code (MIT)."""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_LAST_BANK = "0999"
"""Codes up to this are those of banks (銀行), whose names the data give without the word."""
_COMPLETE_BRANCH = ("店", "部", "所", "室", "センター", "課")


def bank_name(code: str) -> str:
    """The name of the bank, such as 三菱UFJ銀行; empty when the code is not known."""
    found = _banks().get(code)
    if found is None:
        return ""
    name = unicodedata.normalize("NFKC", found["name"])
    return name if code > _LAST_BANK or name.endswith("銀行") else f"{name}銀行"


def branch_name(bank_code: str, code: str) -> str:
    """The name of the branch, such as 丸の内支店; empty when it is not known."""
    found = _branches(bank_code).get(code) if bank_code in _banks() else None
    if found is None:
        return ""
    name = unicodedata.normalize("NFKC", found["name"])
    return name if name.endswith(_COMPLETE_BRANCH) else f"{name}支店"


def _folder() -> Path:
    # Importing the package would build every branch of Japan as an object; its files are enough.
    spec = find_spec("zengin_code")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "source-data" / "data"


@cache
def _banks() -> dict[str, Any]:
    return _read(_folder() / "banks.json")


def _branches(bank_code: str) -> dict[str, Any]:
    return _read(_folder() / "branches" / f"{bank_code}.json")


def _read(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found

"""Form bodies as Stripe reads them: names with brackets become maps and lists."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from payments.sandbox.errors import invalid

_PART = re.compile(r"[^\[\]]+")


def read_form(text: str) -> dict[str, Any]:
    """`metadata[a]=1&expand[0]=x` → {"metadata": {"a": "1"}, "expand": ["x"]}"""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        place = found
        *way, last = _PART.findall(name)
        for part in way:
            place = place.setdefault(part, {})
        place[last] = value
    return {name: _lists(value) for name, value in found.items()}


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _lists(each) for name, each in value.items()}
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def check_known(asked: dict[str, Any], known: set[str]) -> None:
    """Raises ApiError for a parameter that Stripe would not know."""
    if "payment_method_types" in asked and "payment_method_types" not in known:
        raise invalid(
            "The payment_method_types parameter is no longer supported. Use allowed_payment_method_types.",
            code="payment_method_types_no_longer_supported",
            param="payment_method_types",
        )
    for name in asked:
        if name not in known:
            raise invalid(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)


def required(asked: dict[str, Any], name: str) -> str:
    if not asked.get(name):
        raise invalid(f"Missing required param: {name}.", code="parameter_missing", param=name)
    return str(asked[name])


def whole_amount(asked: dict[str, Any], name: str = "amount") -> int:
    """A positive whole number of the currency's smallest unit; of yen, the yen."""
    text = required(asked, name)
    if not text.isascii() or not text.isdigit():
        raise invalid(f"Invalid integer: {text}", code="parameter_invalid_integer", param=name)
    if not 1 <= int(text) <= 99_999_999:
        raise invalid(
            "Invalid amount.", code="amount_too_small" if text == "0" else "amount_too_large", param=name
        )
    return int(text)


def is_true(asked: dict[str, Any], name: str) -> bool:
    return str(asked.get(name, "")).lower() == "true"

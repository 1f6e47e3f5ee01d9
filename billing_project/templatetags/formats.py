"""How amounts and days are written on screens."""

from datetime import date, datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language

from billing_project.eras import era_date
from billing_project.money import format_yen

register = template.Library()

NOTHING = "—"


@register.filter
def yen(amount: int | None) -> str:
    """1,234円 (in English ¥1,234) in figures of equal width; a dash for None. HTML: `yen_text` is plain."""
    if amount is None:
        return NOTHING
    digits = _minus(format_yen(amount, mark=""))
    css = "yen yen-negative" if amount < 0 else "yen"
    if _in_japanese():
        return format_html('<span class="{}">{}<span class="yen-unit">円</span></span>', css, digits)
    return format_html('<span class="{}">{}</span>', css, _yen_sign(digits))


@register.filter
def yen_text(amount: int | None) -> str:
    """The same without markup, for attributes and titles."""
    if amount is None:
        return NOTHING
    digits = _minus(format_yen(amount, mark=""))
    return f"{digits}円" if _in_japanese() else _yen_sign(digits)


def _in_japanese() -> bool:
    return (get_language() or "ja").startswith("ja")


def _minus(digits: str) -> str:
    return digits.replace("-", "−")


def _yen_sign(digits: str) -> str:
    return f"−¥{digits[1:]}" if digits.startswith("−") else f"¥{digits}"


@register.filter
def day(value: date | None) -> str:
    """2026-11-01; a moment is shown as its day in the current time zone; a dash for None."""
    if value is None:
        return NOTHING
    text = f"{_local(value):%Y-%m-%d}"
    return _time_element(text, text)


@register.filter
def moment(value: datetime | None) -> str:
    """2026-11-01 15:30 in the current time zone; a dash for None."""
    if value is None:
        return NOTHING
    local = localtime(value)
    return _time_element(local.isoformat(timespec="minutes"), f"{local:%Y-%m-%d %H:%M}")


@register.filter
def era(value: date | None) -> str:
    """令和8年11月1日: the Japanese year, the first one written 元年; a dash for None."""
    if value is None:
        return NOTHING
    return era_date(_local(value))


def _local(value: date) -> date:
    return localtime(value).date() if isinstance(value, datetime) else value


def _time_element(machine: str, person: str) -> SafeString:
    return format_html('<time class="figures" datetime="{}">{}</time>', machine, person)

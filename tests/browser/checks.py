"""What a program can see of a page: sideways scroll, error pages, English on Japanese pages, barriers."""

from __future__ import annotations

import re
from functools import cache

from playwright.sync_api import Page

from tests.browser.conftest import CHECKOUT

AXE = CHECKOUT / "node_modules/axe-core/axe.min.js"
_SENTENCE = re.compile(r"(?m)^[A-Z][a-z]+(?: [a-z]+)+[.]?$")
_WORDS = """async () => {
    await document.fonts.ready;
    const wide = each => {
        const range = document.createRange();
        range.selectNodeContents(each);
        return range.getBoundingClientRect().width > 1.5 * parseFloat(getComputedStyle(each).fontSize);
    };
    const icons = [...document.querySelectorAll(".material-symbols-outlined")];
    return icons.filter(wide).map(each => each.innerText);
}"""
_UNFRAMED = """() => {
    const framed = each => {
        const style = getComputedStyle(each);
        return parseFloat(style.borderTopWidth) > 0 || style.boxShadow !== "none";
    };
    const ticked = "[type=hidden], [type=checkbox], [type=radio], [type=file]";
    const typed = `input[name]:not(${ticked}), select, textarea`;
    const seen = [...document.querySelectorAll(typed)].filter(each => each.checkVisibility());
    const bare = seen.filter(each => !framed(each) && !framed(each.parentElement));
    return bare.map(each => each.name || each.id);
}"""
_RUN = """async () => {
    const found = await axe.run({ exclude: ["tbody > tr:nth-child(n + 6)"] }, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        resultTypes: ["violations"],
        preload: false,
    });
    const places = each => each.nodes.slice(0, 3).map(node => node.target).join(" | ");
    return found.violations.map(each => `${each.id}: ${places(each)}`);
}"""


def complaints(page: Page, *, japanese: bool = True) -> list[str]:
    """One line for each thing that is wrong with the page as it stands."""
    english = _english(page) if japanese else []
    return [
        *overflow(page),
        *_hidden_columns(page),
        *_error(page),
        *_markup(page),
        *english,
        *_icons(page),
        *_frames(page),
        *barriers(page),
    ]


def barriers(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA and its best practices; of a table's rows in the first five."""
    page.evaluate(_axe())
    found: list[str] = page.evaluate(_RUN)
    return found


@cache
def _axe() -> str:
    return AXE.read_text()


def overflow(page: Page) -> list[str]:
    """Whether one has to scroll sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return ["it sticks out sideways"] if wide else []


def _hidden_columns(page: Page) -> list[str]:
    """Tables that one has to push sideways to read; months beside rates may."""
    labels = page.evaluate("""() => {
        const tables = [...document.querySelectorAll(".sheet-scroll:not(:has(> .sheet-table-wide))")];
        return tables.filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.ariaLabel);
    }""")
    return [f"tables that scroll sideways: {labels}"] if labels else []


def _error(page: Page) -> list[str]:
    return [f"it is «{page.title()}»"] if re.search(r"\b(Error|Traceback)\b", page.title()) else []


def _markup(page: Page) -> list[str]:
    """HTML that was escaped once too often."""
    found = re.findall(r".*</\w+>.*", page.evaluate("document.body.innerText"))
    return [f"markup to read: {found[:3]}"] if found else []


def _icons(page: Page) -> list[str]:
    """An icon that the font does not have stands there as a word."""
    words = page.evaluate(_WORDS)
    return [f"icons that are not drawn: {words}"] if words else []


def _frames(page: Page) -> list[str]:
    """Where one types has an edge."""
    names = page.evaluate(_UNFRAMED)
    return [f"fields without an edge: {names[:6]}"] if names else []


def _english(page: Page) -> list[str]:
    words = set(_SENTENCE.findall(page.evaluate("document.body.innerText")))
    return [f"English: {sorted(words)[:6]}"] if words else []

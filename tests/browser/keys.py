"""A person who has a keyboard alone."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

MOST = 300
"""Presses of Tab after which one gives up."""

_HERE = "each => each === document.activeElement"
_NOTE = """async () => {
    // Where motion is unwelcome, styles still change in the next frame only.
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    const looks = each => {
        const style = getComputedStyle(each);
        const outline = style.outlineStyle === "none" || style.outlineWidth === "0px" ? "" : style.outline;
        return [outline, style.boxShadow, style.borderColor, style.backgroundColor].join("|");
    };
    const each = document.activeElement;
    if (!each || each === document.body || each === document.documentElement) return null;
    window.walked ??= [];
    if (window.walked.some(seen => seen.each === each)) return null;
    const box = each.getBoundingClientRect();
    const label = each.labels?.[0];
    const around = [each, each.parentElement, label, each.nextElementSibling].filter(Boolean);
    const name = each.getAttribute("aria-label") || label?.innerText || each.innerText || each.name || "";
    const seen = each.checkVisibility({ opacityProperty: true, visibilityProperty: true })
        && box.width > 1 && box.height > 1 && box.bottom > 0 && box.right > 0 && box.left < innerWidth;
    window.walked.push({ each, around, looks, had: around.map(looks) });
    return { what: `${each.tagName.toLowerCase()}.${each.className} «${name.trim().slice(0, 40)}»`, seen };
}"""
_RINGLESS = """async () => {
    document.activeElement.blur();
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    const same = ({ around, looks, had }) => around.map(looks).every((now, index) => now === had[index]);
    return window.walked.map(each => same(each));
}"""


def tab_to(page: Page, target: Locator) -> None:
    """Tab until the target has the focus."""
    for _press in range(MOST):
        if target.count() and target.first.evaluate(_HERE):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {target}.")


def walk(page: Page) -> tuple[list[str], list[str]]:
    """Tab through the whole page: everything that got the focus, and what is wrong with it.

    What has the focus must be seen, and look different from when it has not.
    """
    found: list[str] = []
    wrong: list[str] = []
    for _press in range(MOST):
        page.keyboard.press("Tab")
        here = page.evaluate(_NOTE)
        if here is None:
            break
        found.append(here["what"])
        if not here["seen"]:
            wrong.append(f"hidden: {here['what']}")
    ringless = page.evaluate(_RINGLESS)
    wrong += [f"no ring: {what}" for what, same in zip(found, ringless, strict=True) if same]
    return found, wrong

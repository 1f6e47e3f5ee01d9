"""`bin/screens`: a picture of every screen of the running demo, in a folder that git ignores."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing_project.settings")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
django.setup()

from playwright.sync_api import Browser, Page, Response, sync_playwright  # noqa: E402

from playbooks.demo.shops import PASSWORD  # noqa: E402
from tests.browser.checks import complaints  # noqa: E402
from tests.browser.conftest import ARGUMENTS, CHECKOUT, CHROMIUM  # noqa: E402
from tests.browser.walk import Screen, every_screen  # noqa: E402

FOLDER = CHECKOUT / "screenshots"
ROLES = {
    "stranger": ["/accounts/login/", "/quotes/request/", "/accounts/password/reset/"],
    "member": ["/"],
    "keiri": ["/"],
    "operator": ["/admin/"],
}
WIDTHS = {"desktop": (1280, 800), "phone": (360, 740)}


def main() -> int:
    options = _options()
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        choices = (options.roles, options.languages, options.themes, options.widths)
        for choice in product(*(each.split(",") for each in choices)):
            _walk(browser, options, *choice)
        browser.close()
    print(f"Pictures: {FOLDER.name}/")
    return 0


def _walk(
    browser: Browser, options: argparse.Namespace, role: str, language: str, theme: str, width: str
) -> None:
    origin, label = f"http://{options.tenant}.localhost:{options.port}", f"{language}-{theme}-{width}"
    with _page(browser, language, theme, width) as page:
        _sign_in(page, origin, role, options.tenant)
        count = 0
        for screen in every_screen(page, origin, role, ROLES[role]):
            _keep(page, screen, label, options.only)
            count += 1
    print(f"{role} {label}: {count} screens", flush=True)


def _keep(page: Page, screen: Screen, label: str, only: str) -> None:
    if re.search(only, screen.route):
        page.screenshot(path=FOLDER / f"{screen.name}-{label}.png", full_page=True)
    if screen.status != 200:
        print(f"  {screen.name} {screen.path}: answers {screen.status}", flush=True)
    for complaint in complaints(page, japanese=label.startswith("ja")):
        print(f"  {screen.name} {screen.path}: {complaint}", flush=True)


@contextmanager
def _page(browser: Browser, language: str, theme: str, width: str) -> Iterator[Page]:
    wide, high = WIDTHS[width]
    context = browser.new_context(
        viewport={"width": wide, "height": high},
        locale=language,
        color_scheme="dark" if theme == "dark" else "light",
    )
    page = context.new_page()
    page.on("console", lambda said: print(f"  console: {said.text[:200]}") if said.type == "error" else None)
    page.on("pageerror", lambda error: print(f"  script: {error}"))
    page.on("response", _name_missing)
    yield page
    context.close()


def _name_missing(answer: Response) -> None:
    """The browser's console says that something is missing, but not what."""
    if answer.status >= 400:
        print(f"  {answer.frame.url}: {answer.url} answers {answer.status}", flush=True)


def _sign_in(page: Page, origin: str, role: str, tenant: str) -> None:
    if role == "stranger":
        return
    page.goto(f"{origin}/accounts/login/")
    page.locator("input[name=login]").fill(f"{role}@{tenant}.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/screens", description="Pictures of every screen of the demo.")
    parser.add_argument("--port", type=int, default=8000, help="where bin/demo runs (8000)")
    parser.add_argument("--tenant", default="alpha")
    parser.add_argument("--roles", default=",".join(ROLES))
    parser.add_argument("--languages", default="ja,en")
    parser.add_argument("--themes", default="light,dark")
    parser.add_argument("--widths", default="desktop,phone")
    parser.add_argument("--only", default="", help="routes that match this pattern")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

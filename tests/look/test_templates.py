"""What holds for all templates and the front-end build."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.test import RequestFactory

TEMPLATES = settings.BASE_DIR / "templates"
SCREENS = sorted(
    path for path in TEMPLATES.rglob("*.html") if path.relative_to(TEMPLATES).parts[0] not in ("mail", "pdf")
)
FORBIDDEN = {
    "a style attribute": re.compile(r"\sstyle="),
    "a style element": re.compile(r"<style"),
    "an event handler": re.compile(r"\son[a-z]+="),
    "htmx code in an attribute": re.compile(r"hx-on|hx-vals=.js:|hx-vars"),
    "a script in the page": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)"),
    "another server": re.compile(r"(src|href)=[\"'](https?:)?//"),
}


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_screen_obeys_the_content_security_policy(path: Path) -> None:
    source = path.read_text()
    assert [name for name, pattern in FORBIDDEN.items() if pattern.search(source)] == []
    get_template(str(path.relative_to(TEMPLATES)))


def test_every_icon_in_use_is_built() -> None:
    built = set(re.findall(r'"([a-z0-9-]+)"', (settings.BASE_DIR / "frontend/icons.js").read_text()))
    used = set()
    for path in SCREENS:
        source = path.read_text()
        used |= set(re.findall(r'{% icon "([^"]+)"', source))
        used |= set(re.findall(r'mark="([^"]+)"', source))
    assert used - built == set()


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((settings.BASE_DIR / "package-lock.json").read_text())
    packages = lock["packages"].items()
    assert [name for name, package in packages if "resolved" in package] == []
    assert [name for name, package in packages if name and "integrity" not in package] == []


def test_the_lock_file_knows_the_packages_of_every_platform() -> None:
    """Without them `npm ci` refuses the file."""
    packages = json.loads((settings.BASE_DIR / "package-lock.json").read_text())["packages"]
    wanted = {name for package in packages.values() for name in package.get("optionalDependencies", {})}
    assert {name for name in wanted if f"node_modules/{name}" not in packages} == set()


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "429", "500", "errors/no_tenant"])
def test_an_error_page_needs_nothing_to_be_shown(name: str) -> None:
    assert 'id="content"' in get_template(f"{name}.html").render()
    assert 'id="content"' in get_template(f"{name}.html").render({}, RequestFactory().get("/"))

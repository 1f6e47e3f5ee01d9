"""The demo's mail box, and that it exists in the demo only."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import override_settings

from accounts.models import Tenant
from tests.web.world import visitor


@pytest.fixture
def box(tmp_path: Path) -> Path:
    backend = "django.core.mail.backends.filebased.EmailBackend"
    with get_connection(backend, file_path=str(tmp_path)) as connection:
        for number in (1, 2):
            message = EmailMultiAlternatives(
                f"請求書発行のお知らせ {number}",
                "本文\nhttp://alpha.localhost:8000/d/abc/",
                to=[f"keiri{number}@example.com"],
                connection=connection,
            )
            message.attach_alternative("<html><head></head><body><b>本文</b></body></html>", "text/html")
            message.send()
    return tmp_path


def test_mail_is_listed_and_read(box: Path) -> None:
    with override_settings(DEMO=True, MAIL_CAPTURE_DIR=str(box)):
        client = visitor()
        page = client.get("/mail/").content.decode()
        assert "請求書発行のお知らせ 1" in page
        assert "請求書発行のお知らせ 2" in page
        assert "お知らせ 1" not in client.get("/mail/?q=keiri2").content.decode()
        [file] = [path.name for path in box.iterdir()]
        detail = client.get(f"/mail/{file}:1/").content.decode()
        assert '<a href="http://alpha.localhost:8000/d/abc/"' in detail
        assert "keiri2@example.com" in detail
        html = client.get(f"/mail/{file}:1/html/")
        assert '<base target="_blank">' in html.content.decode()
        assert "sandbox" in html["Content-Security-Policy"]
        assert "default-src 'none'" in html["Content-Security-Policy"]
        for wrong in (f"{file}:9", "nothing.log:0", "..:0", "%2e%2e%2fetc%2fpasswd:0"):
            assert client.get(f"/mail/{wrong}/").status_code == 404


@pytest.mark.parametrize(("demo", "folder"), [(False, True), (True, False), (False, False)])
def test_outside_the_demo_there_is_no_such_page(box: Path, *, demo: bool, folder: bool) -> None:
    [file] = [path.name for path in box.iterdir()]
    with override_settings(DEMO=demo, MAIL_CAPTURE_DIR=str(box) if folder else ""):
        for path in ("/mail/", f"/mail/{file}:0/", f"/mail/{file}:0/html/"):
            assert visitor().get(path).status_code == 404


def test_a_tenants_host_never_has_it(box: Path, tenant: Tenant) -> None:
    with override_settings(DEMO=True, MAIL_CAPTURE_DIR=str(box)):
        assert visitor(tenant).get("/mail/").status_code == 404


def test_the_base_domain_tells_of_tenants_in_the_demo_only(tenant: Tenant) -> None:
    assert tenant.name not in visitor().get("/").content.decode()
    with override_settings(DEMO=True):
        page = visitor().get("/").content.decode()
    assert tenant.name in page
    assert f"http://{tenant.slug}.localhost/" in page


def test_the_style_guide_is_for_development_only(tenant: Tenant) -> None:
    assert visitor(tenant).get("/styleguide/").status_code == 404
    with override_settings(DEMO=True):
        assert visitor(tenant).get("/styleguide/").status_code == 200

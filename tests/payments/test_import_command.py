"""`./manage.py import_bank_file`, as an operator runs it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Tenant
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.tenancy.context import tenant_context
from payments.models import BankCsvMapping, BankFile
from tests.acts import at
from tests.factories import make_customer
from tests.payments.files import incoming

GOOD = incoming(("ｶ)ｱｸﾒ", 33_000), ("ﾀﾞﾚｶ", 7))


def run(tenant: Tenant, content: bytes, folder: Path, *options: str) -> str:
    file, out = folder / "bank.txt", io.StringIO()
    file.write_bytes(content)
    with clock.frozen(at("2026-12-10 12:00")):
        call_command("import_bank_file", str(file), "--tenant", tenant.slug, *options, stdout=out)
    return out.getvalue()


def test_summary(tenant: Tenant, tmp_path: Path) -> None:
    with tenant_context(tenant):
        make_customer(payer_name="ｶ)ｱｸﾒ")
    said: dict[str, Any] = json.loads(run(tenant, GOOD, tmp_path, "--json"))
    assert said == {
        "ok": True,
        "is_new": True,
        "entries": 2,
        "total": 33_007,
        "known": 0,
        "doubtful": 0,
        "matched": 1,
        "exact": 0,
        "suggested": 0,
        "unmatched": 1,
        "taken_back": 0,
        "kinds": {"no_open_document": 1},
        "not_taken_back": [],
    }
    assert json.loads(run(tenant, GOOD, tmp_path, "--json"))["is_new"] is False
    assert "2" in run(tenant, GOOD, tmp_path)
    with tenant_context(tenant):
        assert AuditEntry.objects.get(action="bank_file_imported").actor_label == "import_bank_file"


def test_errors_as_table_and_json(tenant: Tenant, tmp_path: Path) -> None:
    wrong = GOOD.replace(b"8000002", b"8000003")
    with pytest.raises(CommandError):
        run(tenant, wrong, tmp_path)
    with pytest.raises(SystemExit) as ended:
        run(tenant, wrong, tmp_path, "--json")
    assert ended.value.code == 1
    with tenant_context(tenant):
        assert not BankFile.objects.exists()


def test_the_table_names_record_and_field(tenant: Tenant, tmp_path: Path) -> None:
    out = io.StringIO()
    file = tmp_path / "bank.txt"
    file.write_bytes(GOOD.replace(b"8000002", b"8000003"))
    with pytest.raises(CommandError), clock.frozen(at("2026-12-10 12:00")):
        call_command("import_bank_file", str(file), "--tenant", tenant.slug, stdout=out)
    assert "振込合計件数" in out.getvalue()


def test_csv_by_its_columns(tenant: Tenant, tmp_path: Path) -> None:
    with tenant_context(tenant):
        BankCsvMapping.objects.create(
            name="みずほ",
            account="1",
            has_heading=False,
            date_column="1",
            amount_column="2",
            payer_column="3",
        )
    content = "2026/12/7,500,ｱ\n".encode("cp932")
    assert json.loads(run(tenant, content, tmp_path, "--json", "--csv", "みずほ"))["entries"] == 1
    with pytest.raises(CommandError):
        run(tenant, content, tmp_path, "--csv", "三菱")


def test_no_such_tenant_or_file(tenant: Tenant, tmp_path: Path) -> None:
    for file, slug in ((tmp_path / "none", tenant.slug), (tmp_path, "nobody"), (tmp_path, tenant.slug)):
        with pytest.raises(CommandError):
            call_command("import_bank_file", str(file), "--tenant", slug)

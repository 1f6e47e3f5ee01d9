"""`manage.py import_sales`: what it prints, and how it ends."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Tenant
from billing_project.audit.models import AuditEntry
from billing_project.tenancy.context import tenant_context
from orders.models import Order
from orders.sales_file import read_sales_file

from .files import line, sales_file

ROOT = Path(__file__).parents[2]


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("import_sales", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def good_file(tmp_path: Path) -> str:
    file = tmp_path / "sales.csv"
    file.write_bytes(sales_file(line(), line(c1="S2")))
    return str(file)


@pytest.fixture
def bad_file(tmp_path: Path) -> str:
    file = tmp_path / "bad.csv"
    file.write_bytes(sales_file(line(), line(c1="S2", c11="[red]0[/red]"), line(c1="S3", c6="x")))
    return str(file)


@pytest.mark.usefixtures("november_5")
def test_a_good_file(tenant: Tenant, good_file: str) -> None:
    said = command(good_file, "--tenant", tenant.slug)
    assert "2" in said
    assert "1" in said
    with tenant_context(tenant):
        assert Order.objects.count() == 2
        entry = AuditEntry.objects.get(action="sales_imported")
        assert (entry.actor_kind, entry.actor_label) == ("command", "import_sales")


@pytest.mark.usefixtures("november_5")
def test_counts_as_json(tenant: Tenant, good_file: str) -> None:
    first = json.loads(command(good_file, "--tenant", tenant.slug, "--json"))
    assert first == {"ok": True, "created": 2, "skipped": 0, "customers_new": 1, "products_new": 0}
    again = json.loads(command(good_file, "--tenant", tenant.slug, "--json"))
    assert again == {"ok": True, "created": 0, "skipped": 2, "customers_new": 0, "products_new": 0}


@pytest.mark.usefixtures("november_5")
def test_errors_are_a_table(tenant: Tenant, bad_file: str) -> None:
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("import_sales", bad_file, "--tenant", tenant.slug, stdout=out)
    rows = [text for text in out.getvalue().splitlines() if "bad_" in text]
    assert len(rows) == 2
    assert all(word in rows[0] for word in ("3", "数量", "[red]0[/red]", "bad_quantity"))
    assert all(word in rows[1] for word in ("4", "メールアドレス", "bad_email"))


@pytest.mark.usefixtures("november_5")
def test_errors_as_json(tenant: Tenant, bad_file: str) -> None:
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("import_sales", bad_file, "--tenant", tenant.slug, "--json", stdout=out)
    assert end.value.code == 1
    said = json.loads(out.getvalue())
    assert (said["ok"], said["code"]) == (False, "import_rejected")
    assert [(error["line"], error["column"], error["code"]) for error in said["errors"]] == [
        (3, "数量", "bad_quantity"),
        (4, "メールアドレス", "bad_email"),
    ]
    with tenant_context(tenant):
        assert not Order.objects.exists()


def test_unknown_tenants_and_files_are_named(tenant: Tenant, good_file: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no-such-shop"):
        command(good_file, "--tenant", "no-such-shop")
    with pytest.raises(CommandError, match=r"missing\.csv"):
        command(str(tmp_path / "missing.csv"), "--tenant", tenant.slug)
    with pytest.raises(CommandError, match=tmp_path.name):
        command(str(tmp_path), "--tenant", tenant.slug)


def manage(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=os.environ.copy(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_processes_with_one_file_book_it_once(tenant: Tenant, tmp_path: Path) -> None:
    file = tmp_path / "sales.csv"
    sample = manage(
        "sample_sales", "--month", "2025-09", "--customers", "40", "--lines", "600", "-o", str(file)
    )
    assert sample.wait(timeout=60) == 0
    runs = [manage("import_sales", str(file), "--tenant", tenant.slug, "--json") for _ in range(2)]
    ends = [run.communicate(timeout=120) for run in runs]
    assert [run.returncode for run in runs] == [0, 0], ends
    counts = sorted(json.loads(out)["created"] for out, _error in ends)
    assert counts == [0, 600]
    with tenant_context(tenant):
        numbers = set(Order.objects.values_list("number", flat=True))
    assert numbers == {row.number for row in read_sales_file(file.read_bytes()).rows}


def test_a_bad_file_ends_with_1(tenant: Tenant, bad_file: str) -> None:
    run = manage("import_sales", bad_file, "--tenant", tenant.slug)
    out, error = run.communicate(timeout=60)
    assert run.returncode == 1
    assert "bad_quantity" in out
    assert "Traceback" not in error

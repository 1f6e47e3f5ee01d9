"""The compose file and the image: their structure, and that what they call exists."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from billing_project.embedded.places import CHECKOUT

COMPOSE: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
DOCKERFILE = (CHECKOUT / "Dockerfile").read_text()
PRODUCT = ("prepare", "web", "worker", "beat")
SECRETS = ("SECRET_KEY", "POSTGRES_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD", "OPERATOR_PASSWORD")


def words(command: list[str]) -> Iterator[list[str]]:
    """The single commands of a command line; `sh -c` may hold several."""
    if command[:2] == ["sh", "-c"]:
        yield from (shlex.split(part) for part in command[2].split("&&"))
    else:
        yield command


def commands() -> list[list[str]]:
    image = re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.M)
    lines = [SERVICES[name]["command"] for name in PRODUCT] + [yaml.safe_load(line) for line in image]
    return [part for line in lines for part in words(line)]


def interpolated(environment: dict[str, str]) -> dict[str, str]:
    """With the secrets set and all else at its default, as compose would."""

    def value(found: re.Match[str]) -> str:
        name, default = found[1], found[2] or ""
        return "secret0secret0secret0secret0secret0secret0secret0secret0" if name in SECRETS else default

    return {
        name: re.sub(r"\$\{(\w+)(?::?-([^}]*)|:\?[^}]*)?\}", value, text)
        for name, text in environment.items()
    }


def test_the_services() -> None:
    assert set(SERVICES) == {"postgres", "redis", "prepare", "web", "worker", "beat", "mailpit"}


def test_servers_and_programs_say_whether_they_are_well() -> None:
    assert {name for name in SERVICES if "healthcheck" not in SERVICES[name]} == {"prepare", "beat"}


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_the_product_waits_for_tables_and_broker(name: str) -> None:
    assert SERVICES[name]["depends_on"] == {
        "prepare": {"condition": "service_completed_successfully"},
        "redis": {"condition": "service_healthy"},
    }


def test_tables_wait_for_the_database() -> None:
    assert SERVICES["prepare"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_images_are_named_without_a_registry() -> None:
    images = [service["image"] for service in SERVICES.values()] + re.findall(
        r"^FROM (\S+)", DOCKERFILE, re.M
    )
    assert [image for image in images if "." in image.split("/")[0].split(":")[0]] == []


def test_volumes_are_declared() -> None:
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert used == set(COMPOSE["volumes"])


def test_every_command_exists() -> None:
    for program, *arguments in commands():
        if program == "python":
            assert arguments[0] == "manage.py"
            assert arguments[1] in get_commands()
        else:
            assert Path(sys.executable).with_name(program).exists()


def test_the_web_command_loads_the_product() -> None:
    gunicorn, *arguments = SERVICES["web"]["command"]
    subprocess.run(
        [Path(sys.executable).with_name(gunicorn), "--check-config", *arguments], cwd=CHECKOUT, check=True
    )


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_has_no_default(secret: str) -> None:
    text = (CHECKOUT / "docker-compose.yml").read_text()
    assert f"${{{secret}:?" in text
    assert not re.search(rf"\${{{secret}:?-", text)


def test_every_variable_is_one_that_the_product_reads() -> None:
    settings = (CHECKOUT / "billing_project/settings.py").read_text()
    read = {*re.findall(r'env\.?\w*\(\s*"(\w+)"', settings), "DATABASE_SUPERUSER_URL"}
    assert {name for service in PRODUCT for name in SERVICES[service]["environment"]} - read == set()


def test_the_superuser_and_the_owner_are_known_to_the_preparing_step_alone() -> None:
    for name in ("DATABASE_SUPERUSER_URL", "DATABASE_OWNER_URL"):
        assert [service for service in PRODUCT if name in SERVICES[service]["environment"]] == ["prepare"]


def test_the_product_starts_with_these_variables() -> None:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "REDIS"))}
    environment = {**ours, **interpolated(SERVICES["prepare"]["environment"])}
    subprocess.run([sys.executable, "manage.py", "check"], cwd=CHECKOUT, env=environment, check=True)


def test_the_image_has_the_libraries_that_the_setup_installs() -> None:
    listed = (CHECKOUT / "bin/setup_steps/system_packages.py").read_text()
    for package in ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "gettext"):
        assert package in listed
        assert package in DOCKERFILE

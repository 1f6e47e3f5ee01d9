"""Unsafe settings stop the product on a public domain, and only there."""

import os
import subprocess
import sys
from typing import Any

import pytest

from billing_project.safety import unsafe_settings

SAFE = {
    "BASE_DOMAIN": "shimebi.example",
    "DEBUG": False,
    "DEMO": False,
    "MAIL_CAPTURE_DIR": "",
    "SECRET_KEY": "k" * 50,
    "PUBLIC_SCHEME": "https",
    "ALLOWED_HOSTS": ["shimebi.example", ".shimebi.example"],
    "CARD_GATEWAY": "stripe",
    "STRIPE_API_BASE": "https://api.stripe.com",
    "STRIPE_SECRET_KEY": "sk_live_0",
    "STRIPE_WEBHOOK_SECRET": "whsec_0",
}


def found(settings: Any, **changes: Any) -> list[str | None]:
    for name, value in {**SAFE, **changes}.items():
        setattr(settings, name, value)
    return [message.id for message in unsafe_settings()]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"DEBUG": True}, ["frame.E001"]),
        ({"DEMO": True}, ["frame.E002"]),
        ({"MAIL_CAPTURE_DIR": "/tmp/mail"}, ["frame.E002"]),
        ({"SECRET_KEY": "short"}, ["frame.E003"]),
        ({"PUBLIC_SCHEME": "http"}, ["frame.E004"]),
        ({"ALLOWED_HOSTS": ["*"]}, ["frame.E005"]),
        ({"CARD_GATEWAY": "playing"}, ["frame.E006"]),
        ({"STRIPE_API_BASE": "http://127.0.0.1:8001"}, ["frame.E007"]),
        ({"STRIPE_SECRET_KEY": "sk_test_sandbox"}, ["frame.E008"]),
        ({"STRIPE_WEBHOOK_SECRET": "whsec_sandbox"}, ["frame.E008"]),
        ({"CARD_GATEWAY": "", "STRIPE_SECRET_KEY": "", "STRIPE_WEBHOOK_SECRET": ""}, []),
        ({"BASE_DOMAIN": "localhost", "DEBUG": True, "DEMO": True}, []),
    ],
)
def test_each_unsafe_setting_is_named(settings: Any, changes: dict[str, Any], expected: list[str]) -> None:
    assert found(settings, **changes) == expected


@pytest.mark.parametrize("program", [["manage.py", "check"], ["-c", "import billing_project.wsgi"]])
def test_nothing_starts_with_them(program: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *program],
        env={**os.environ, "BASE_DOMAIN": "shimebi.example", "DEBUG": "1", "SECRET_KEY": "short"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "frame.E001" in done.stderr
    assert "frame.E003" in done.stderr

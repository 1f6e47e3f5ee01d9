"""The product behind a clock that a test sets: the file named in TEST_CLOCK holds the moment, or nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from billing_project import clock
from billing_project.wsgi import application as product


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    moment = Path(os.environ["TEST_CLOCK"]).read_text()
    if not moment:
        return product(environ, start_response)
    with clock.frozen(datetime.fromisoformat(moment)):
        return product(environ, start_response)

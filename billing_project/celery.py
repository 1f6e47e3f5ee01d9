"""The Celery application; `celery -A billing_project worker|beat`."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django_structlog.celery.receivers import CeleryReceiver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing_project.settings")

app = Celery("billing_project")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Who asks for a task sends along what its own log lines bear; whoever runs it takes that over.
_task_logs = CeleryReceiver()
_task_logs.connect_worker_signals()


@setup_logging.connect
def _use_django_logging(**_kwargs: Any) -> None:
    """Celery would put its own handlers beside ours; Django has set logging up already."""

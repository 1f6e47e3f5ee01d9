from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "billing_project.outbox"
    label = "outbox"

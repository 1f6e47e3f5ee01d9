from django.apps import AppConfig


class BulkConfig(AppConfig):
    name = "billing_project.bulk"
    label = "bulk"

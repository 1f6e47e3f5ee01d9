from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "billing_project.audit"
    label = "audit"

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "billing_project.jobs"
    label = "jobs"

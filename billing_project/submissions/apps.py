from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "billing_project.submissions"
    label = "submissions"

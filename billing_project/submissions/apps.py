from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "billing_project.submissions"
    label = "submissions"

    def ready(self) -> None:
        from billing_project.submissions.jobs import register_jobs

        register_jobs()

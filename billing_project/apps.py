from django.apps import AppConfig


class FrameConfig(AppConfig):
    name = "billing_project"
    label = "frame"

    def ready(self) -> None:
        from billing_project import safety  # noqa: F401 — registers its checks
        from billing_project.api import schema  # noqa: F401 — registers how one signs in

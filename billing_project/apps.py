from django.apps import AppConfig


class FrameConfig(AppConfig):
    name = "billing_project"
    label = "frame"

    def ready(self) -> None:
        from billing_project import safety  # noqa: F401 — registers its checks

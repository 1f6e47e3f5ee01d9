from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "billing_project.tenancy"
    label = "tenancy"

    def ready(self) -> None:
        from billing_project.tenancy import checks  # noqa: F401

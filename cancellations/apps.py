from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CancellationsConfig(AppConfig):
    name = "cancellations"
    verbose_name = _("Cancellations")

    def ready(self) -> None:
        from cancellations.jobs import register_jobs
        from cancellations.mails import register_mails

        register_jobs()
        register_mails()

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = _("Payments")

    def ready(self) -> None:
        from invoices.signals import open_items_changed, return_exceeds_open
        from payments.jobs import register_jobs
        from payments.mails import register_mails
        from payments.services.dunning.bad_debts import after_payment_received, before_return_settles
        from payments.services.dunning.lifting import after_open_items_changed
        from payments.signals import payment_received
        from payments.verification import register_checks

        open_items_changed.connect(after_open_items_changed, dispatch_uid="payments.dunning")
        payment_received.connect(after_payment_received, dispatch_uid="payments.recovery")
        return_exceeds_open.connect(before_return_settles, dispatch_uid="payments.bad_debts")
        register_jobs()
        register_mails()
        register_checks()

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("Orders")

    def ready(self) -> None:
        from accounts.signals import tenant_created
        from invoices.panel import register_own_orders
        from orders.jobs import register_jobs
        from orders.mails import register_mails
        from orders.panel import own_order_numbers
        from orders.services import take_preset_catalogue

        tenant_created.connect(take_preset_catalogue, dispatch_uid="orders.catalogue")
        register_own_orders(own_order_numbers)
        register_jobs()
        register_mails()

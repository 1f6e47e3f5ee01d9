from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("Orders")

    def ready(self) -> None:
        from accounts.signals import tenant_created
        from invoices.archive_check import Archive, register_archive
        from invoices.panel import register_own_orders
        from orders.jobs import register_jobs
        from orders.mails import register_mails
        from orders.panel import own_order_numbers
        from orders.services import take_preset_catalogue
        from orders.services.advance import money_arrived, money_goes_back
        from orders.services.card_events import (
            card_answered,
            card_charged,
            card_refused,
            card_reinstated,
            card_waits,
        )
        from orders.services.revoking import after_dunning_changed
        from orders.views.card import CARD_FOR_OPEN_ORDER, after_card_of_order
        from orders.views.new import CARD_FOR_ORDER, after_card
        from orders.views.quotes import CARD_FOR_QUOTE, after_card_of_quote
        from payments import signals
        from payments.services.cards.saving import register_continuation

        tenant_created.connect(take_preset_catalogue, dispatch_uid="orders.catalogue")
        signals.payment_received.connect(money_arrived, dispatch_uid="orders.money_arrived")
        signals.deposit_wanted.connect(money_goes_back, dispatch_uid="orders.money_goes_back")
        signals.card_payment_answered.connect(card_answered, dispatch_uid="orders.card_answered")
        signals.card_payment_succeeded.connect(card_charged, dispatch_uid="orders.card_charged")
        signals.card_payment_failed.connect(card_refused, dispatch_uid="orders.card_refused")
        signals.card_payment_reinstated.connect(card_reinstated, dispatch_uid="orders.card_reinstated")
        signals.card_payment_needs_customer.connect(card_waits, dispatch_uid="orders.card_waits")
        signals.dunning_changed.connect(after_dunning_changed, dispatch_uid="orders.revoking")
        register_continuation(CARD_FOR_ORDER, after_card)
        register_continuation(CARD_FOR_OPEN_ORDER, after_card_of_order)
        register_continuation(CARD_FOR_QUOTE, after_card_of_quote)
        register_own_orders(own_order_numbers)
        register_jobs()
        register_mails()
        register_archive(
            Archive(
                "quotes",
                files="orders_quotefile",
                owners="orders_quote",
                owner="quote_id",
                forms=("application/pdf",),
                made_later="made_at",
            )
        )

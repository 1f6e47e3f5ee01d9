from django.urls import include, path

from payments.views import cards, money, statements, webhooks

rooms = (
    [
        path("", cards.card_list, name="list"),
        path("add/", cards.add_card, name="add"),
        path("return/", cards.card_entered, name="return"),
        path("<uuid:public_id>/remove/", cards.remove, name="remove"),
        path("payments/<uuid:public_id>/", cards.payment, name="payment"),
        path("payments/<uuid:public_id>/confirm/", cards.confirm_payment, name="confirm"),
    ],
    "cards",
)
of_money = (
    [
        path("payments/", money.payment_list, name="list"),
        path("payments/csv/", money.payment_csv, name="csv"),
        path("statement/", statements.statement, name="statement"),
        path("statement/csv/", statements.statement_csv, name="statement_csv"),
        path("deposit/", money.deposit, name="deposit"),
        path("deposit/payouts/new/", money.new_payout, name="new_payout"),
        path("deposit/payouts/<uuid:public_id>/withdraw/", money.withdraw, name="withdraw"),
    ],
    "payments",
)
urlpatterns = [
    path("", include(of_money)),
    path("cards/", include(rooms)),
    path("webhooks/stripe/", webhooks.stripe, name="stripe_webhook"),
]

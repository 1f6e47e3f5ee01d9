from django.urls import include, path

from payments.views import cards, webhooks

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
urlpatterns = [
    path("cards/", include(rooms)),
    path("webhooks/stripe/", webhooks.stripe, name="stripe_webhook"),
]

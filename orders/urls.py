from django.urls import include, path

from orders.views import card, home, new, panel

rooms = (
    [
        path("", panel.order_list, name="list"),
        path("csv/", panel.order_csv, name="csv"),
        path("new/", new.new_order, name="new"),
        path("new/confirm/", new.confirm_order, name="confirm"),
        path("new/card/", new.enter_card, name="enter_card"),
        path("<uuid:public_id>/", panel.order_detail, name="detail"),
        path("<uuid:public_id>/done/", new.order_done, name="done"),
        path("<uuid:public_id>/card/", card.order_card, name="card"),
        path("<uuid:public_id>/card/new/", card.enter_card_of_order, name="card_new"),
    ],
    "orders",
)
urlpatterns = [
    path("", home.home, name="home"),
    path("orders/", include(rooms)),
]

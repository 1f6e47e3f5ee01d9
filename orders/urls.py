from django.urls import include, path

from orders.views import home, new, panel

rooms = (
    [
        path("", panel.order_list, name="list"),
        path("csv/", panel.order_csv, name="csv"),
        path("new/", new.new_order, name="new"),
        path("new/confirm/", new.confirm_order, name="confirm"),
        path("<uuid:public_id>/", panel.order_detail, name="detail"),
        path("<uuid:public_id>/done/", new.order_done, name="done"),
    ],
    "orders",
)
urlpatterns = [
    path("", home.home, name="home"),
    path("orders/", include(rooms)),
]

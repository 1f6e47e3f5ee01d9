from django.urls import include, path

from orders.views import calendar, card, home, new, panel, quote_links, quotes

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
quote_rooms = (
    [
        path("quotes/", quotes.quote_list, name="list"),
        path("quotes/new/", quotes.new_quote, name="new"),
        path("quotes/request/", quote_links.request_quote, name="request"),
        path("quotes/request/sent/", quote_links.request_sent, name="request_sent"),
        path("quotes/<uuid:public_id>/", quotes.quote_detail, name="detail"),
        path("quotes/<uuid:public_id>/pdf/", quotes.quote_pdf, name="pdf"),
        path("quotes/<uuid:public_id>/order/", quotes.order_quote, name="order"),
        path("q/<str:token>/", quote_links.quote_link_page, name="link"),
        path("q/<str:token>/pdf", quote_links.quote_link_pdf, name="link_pdf"),
    ],
    "quotes",
)
urlpatterns = [
    path("", home.home, name="home"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/end/", calendar.end_subscription, name="calendar_end"),
    path("calendar/<str:token>.ics", calendar.feed, name="calendar_feed"),
    path("orders/", include(rooms)),
    path("", include(quote_rooms)),
]

from django.urls import path

from cancellations import views

app_name = "cancellations"
urlpatterns = [
    path("orders/<uuid:public_id>/lines/<int:position>/cancel/", views.cancel_line, name="cancel_line"),
]

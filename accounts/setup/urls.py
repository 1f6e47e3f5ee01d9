from django.urls import path

from accounts.setup import views

urlpatterns = [
    path("<str:token>/", views.begin, name="setup"),
    path("<str:token>/bank-names/", views.bank_names, name="setup_bank_names"),
    path("<str:token>/<slug:name>/skip/", views.skip, name="setup_skip"),
    path("<str:token>/<slug:name>/", views.step, name="setup_step"),
]

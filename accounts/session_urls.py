"""In place of allauth's address of the same name."""

from django.urls import path

from accounts.session_views import Sessions

urlpatterns = [path("", Sessions.as_view(), name="usersessions_list")]

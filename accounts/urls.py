from django.urls import path

from accounts import api_key_views, look_views, profile_views, views

app_name = "accounts"
urlpatterns = [
    path("look/<int:version>.css", look_views.style, name="style"),
    path("look/<int:version>.png", look_views.logo, name="logo"),
    path("profile/", profile_views.profile, name="profile"),
    path("company/", views.company, name="company"),
    path("company/contact/", views.contact, name="contact"),
    path("members/", views.members, name="members"),
    path("members/invite/", views.invite, name="invite"),
    path("members/<uuid:public_id>/roles/", views.member_roles, name="member_roles"),
    path("members/<uuid:public_id>/remove/", views.member_remove, name="member_remove"),
    path("members/<uuid:public_id>/invite/", views.member_invite_again, name="member_invite_again"),
    path("company/api-keys/", api_key_views.api_keys, name="api_keys"),
    path("company/api-keys/<uuid:public_id>/revoke/", api_key_views.revoke, name="api_key_revoke"),
    path("viewing/end/", views.viewing_end, name="viewing_end"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
]

"""Where a user is signed in."""

from __future__ import annotations

from typing import Any

from allauth.usersessions import app_settings
from allauth.usersessions.views import ListUserSessionsView
from django.views.generic.edit import FormView

from accounts.sessions import live_sessions


class Sessions(ListUserSessionsView):
    """allauth's page; its own list asks two questions for each session."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = FormView.get_context_data(self, **kwargs)
        sessions = live_sessions(self.request.user)
        return context | {
            "sessions": sessions,
            "session_count": len(sessions),
            "show_last_seen_at": app_settings.TRACK_ACTIVITY,
        }

"""The operators' page for a correction: lines to be changed, the effect, and the act."""

from __future__ import annotations


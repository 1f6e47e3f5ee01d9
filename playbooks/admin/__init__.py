"""The operators' page where stories are played."""

from playbooks.admin import bench, inbox

__all__ = ["bench", "inbox"]

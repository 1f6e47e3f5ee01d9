"""The operators' page where stories are played."""

from playbooks.admin import bench

__all__ = ["bench"]

"""PostgreSQL and Valkey for a machine that has neither.

Both come as Python packages. With no `DATABASE_URL` and `REDIS_URL` in the environment, `start_if_needed`
starts them under `.local/` and names them in the environment; whoever leaves last stops them.
"""

from billing_project.embedded.launcher import Servers, start_if_needed
from billing_project.embedded.places import EmbeddedError, Home, demo_home, test_home

__all__ = ["EmbeddedError", "Home", "Servers", "demo_home", "start_if_needed", "test_home"]

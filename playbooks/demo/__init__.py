"""Data to look at: `make_demo` fills a new installation with two shops."""

from playbooks.demo.shops import SHOPS, make_demo

__all__ = ["SHOPS", "make_demo"]

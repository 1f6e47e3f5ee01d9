"""What operators see and do about money."""

from payments.admin import payments

__all__ = ["payments"]

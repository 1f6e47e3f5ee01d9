"""What operators see and do about money."""

from payments.admin import dunning, payments

__all__ = ["dunning", "payments"]

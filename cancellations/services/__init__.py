from cancellations.services.cancelling import MAX_REASON, cancel
from cancellations.services.reminding import remind_of_windows

__all__ = ["MAX_REASON", "cancel", "remind_of_windows"]

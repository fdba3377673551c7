"""Desktop notifications: prompts with buttons where no window may come up by itself, and the rare word to the user."""

from traycoach.notify.notifications import Notifications
from traycoach.notify.server import NAME as SERVER

__all__ = ["SERVER", "Notifications"]

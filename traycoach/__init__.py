"""traycoach: a system-tray coach for people who sit for a living."""

__version__ = "0.1.0"

"""Connections to the desktop that several parts of the daemon share: D-Bus, X11, Wayland."""

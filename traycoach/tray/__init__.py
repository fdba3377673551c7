"""The icon in the tray: what it looks like, its menu, and the ways to show it. `linux.Tray` puts them together."""

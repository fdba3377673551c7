"""The window process, `python -m traycoach.ui`: it shows what it is told by message and says back what the user did."""

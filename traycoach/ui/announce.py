"""Words for the screen reader."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def announce(window: QWidget, words: str) -> None:
    """Say the words when the reader has finished its sentence ("polite"); nothing happens without a reader."""
    if QAccessible.isActive() and words:
        event = QAccessibleAnnouncementEvent(window, words)
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
        QAccessible.updateAccessibility(event)

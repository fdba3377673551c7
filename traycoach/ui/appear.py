"""How a prompt comes and goes: a short fade and rise; at once where motion is reduced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEasingCurve, QObject, QPoint, QVariantAnimation
from PySide6.QtWidgets import QWidget

IN_MS: Final = 180
OUT_MS: Final = 140
RISE: Final = 12
"""How far a prompt rises while it comes, px."""


class Appearing(QObject):
    """Moves one top-level window in and out of sight."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._at = QPoint()
        self._then: Callable[[], None] | None = None
        self._motion = QVariantAnimation(self)
        self._motion.valueChanged.connect(self._moved)
        self._motion.finished.connect(self._finished)

    def come(self, at: QPoint, *, animated: bool) -> None:
        """Show the window at this place."""
        self._motion.stop()
        self._at, self._then = at, None
        if animated:
            self._window.setWindowOpacity(0.0)
            self._window.move(at + QPoint(0, RISE))
            self._window.show()
            self._run(0.0, 1.0, IN_MS, QEasingCurve.Type.OutCubic)
        else:
            self._window.setWindowOpacity(1.0)
            self._window.move(at)
            self._window.show()

    def go(self, *, animated: bool, then: Callable[[], None] | None = None) -> None:
        """Hide the window; `then` is called when it is gone."""
        self._motion.stop()
        self._then = then
        if animated and self._window.isVisible():
            self._run(self._window.windowOpacity(), 0.0, OUT_MS, QEasingCurve.Type.InCubic)
        else:
            self._gone()

    def _run(self, start: float, end: float, length_ms: int, curve: QEasingCurve.Type) -> None:
        self._motion.setStartValue(start)
        self._motion.setEndValue(end)
        self._motion.setDuration(length_ms)
        self._motion.setEasingCurve(curve)
        self._motion.start()

    def _moved(self, share: float) -> None:
        self._window.setWindowOpacity(share)
        if self._motion.endValue() == 1.0:
            self._window.move(self._at + QPoint(0, round(RISE * (1.0 - share))))

    def _finished(self) -> None:
        if self._motion.endValue() == 0.0:
            self._gone()

    def _gone(self) -> None:
        self._window.hide()
        then, self._then = self._then, None
        if then is not None:
            then()

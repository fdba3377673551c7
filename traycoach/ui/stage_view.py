"""The stage: the figure of the step, moving, and its changes from step to step and from side to side."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from PySide6.QtCore import QEasingCurve, QPointF, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPainterPath, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from traycoach.text import _
from traycoach.ui.figure_painter import Stage
from traycoach.ui.theme import Theme
from traycoach.ui.typeface import SMALL_STRONG

RADIUS: Final = 20.0
FADE_MS: Final = 240
FLIP_MS: Final = 400
STILL_FADE_MS: Final = 200
_PAUSED_OPACITY: Final = 0.6
_LEAST: Final = QSize(200, 120)


class Change(Enum):
    """How one picture gives way to the next."""

    AT_ONCE = auto()
    FADE = auto()
    FLIP = auto()


class StageView(QLabel):
    """Paints a `Stage` at the time it is told. Nothing moves here by itself but the changes.

    It fills its rectangle, corners included, so that what lies under it is not painted for each frame.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._stage: Stage | None = None
        self._at = 0.0
        self._still = 0
        self._arrows = False
        self._paused = False
        self._before: QImage | None = None
        self._change = Change.AT_ONCE
        self._changing = QVariantAnimation(self)
        self._changing.setStartValue(0.0)
        self._changing.setEndValue(1.0)
        self._changing.valueChanged.connect(self._changed)
        self._changing.finished.connect(self._change_over)
        # A label with a picture is an image to the accessibility tree; a bare widget would be nothing.
        self.setPixmap(QPixmap(1, 1))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @property
    def stage(self) -> Stage | None:
        """The figure shown."""
        return self._stage

    @property
    def changing(self) -> bool:
        """Whether one picture is giving way to another."""
        return self._before is not None

    def show_stage(self, stage: Stage | None, change: Change = Change.AT_ONCE) -> None:
        """Show another figure, from its first pose."""
        self._remember(change, FLIP_MS if change is Change.FLIP else FADE_MS)
        self._stage = stage
        self._at, self._still, self._arrows = 0.0, 0, False
        self.setAccessibleName("" if stage is None else stage.alt)
        self.update()

    def show_moment(self, at: float, *, arrows: bool) -> None:
        """Show the moment `at` (s) of the movement. With reduced motion that is one of its still poses."""
        if self._theme.reduced_motion:
            still = self._still_at(at, moving=arrows)
            if (still, arrows) != (self._still, self._arrows):
                if still != self._still:
                    self._remember(Change.FADE, STILL_FADE_MS)
                self._still, self._arrows = still, arrows
                self.update()
        elif (at, arrows) != (self._at, self._arrows):
            self._update_changed(at, arrows)
            self._arrows = arrows
        self._at = at

    def show_paused(self, *, paused: bool) -> None:
        """Weaken the picture, or bring it back."""
        if paused != self._paused:
            self._paused = paused
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give the size of the design."""
        return QSize(624, 386)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give the least size at which a figure can be read."""
        return _LEAST

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """End a change at once: the picture it comes from has the old size."""
        super().resizeEvent(event)
        self._changing.stop()
        self._before = None

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the figure in its rounded stage, where it is asked for."""
        box, part = QRectF(self.rect()), QRectF(event.rect())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._stage is None or self.changing:
                painter.fillRect(self.rect(), self._theme.colour("stage"))
            self._paint_change(painter, part)
            if self._paused:
                # A veil, not a weaker brush: parts behind parts would shine through.
                veil = self._theme.colour("stage")
                veil.setAlphaF(1.0 - _PAUSED_OPACITY)
                painter.fillRect(self.rect(), veil)
            if not box.adjusted(RADIUS, 0, -RADIUS, 0).contains(part):
                self._cut_corners(painter, box)
            if self._theme.palette.contrast:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(self._theme.colour("border"))
                painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)

    def _cut_corners(self, painter: QPainter, box: QRectF) -> None:
        """Paint the window over the corners: that is much quicker than a round clip around the figure."""
        corners = QPainterPath()
        corners.addRect(box)
        corners.addRoundedRect(box, RADIUS, RADIUS)
        painter.fillPath(corners, self._theme.colour("window"))

    def _update_changed(self, at: float, arrows: bool) -> None:
        """Have painted anew what differs at this moment from the one shown."""
        changed = None
        if self._stage is not None and not self.changing:
            changed = self._stage.changed(self._at, at, (self._arrows, arrows))
        if changed is None:
            self.update()
        else:
            self.update(changed.toAlignedRect())

    def _paint_change(self, painter: QPainter, part: QRectF) -> None:
        if self._before is None:
            self._paint_figure(painter, part)
            return
        share = float(self._changing.currentValue())
        box = QRectF(self.rect())
        if self._change is Change.FLIP:
            old = share < 0.5
            painter.save()
            painter.translate(box.center())
            painter.scale(max(0.001, abs(1.0 - 2.0 * share)), 1.0)
            painter.translate(-box.center())
            if old:
                painter.drawImage(box, self._before)
            else:
                self._paint_figure(painter)
            painter.restore()
        else:
            whole = painter.opacity()
            self._paint_figure(painter)
            painter.setOpacity(whole * (1.0 - share))
            painter.drawImage(box, self._before)
            painter.setOpacity(whole)

    def _paint_figure(self, painter: QPainter, part: QRectF | None = None) -> None:
        stage, box = self._stage, QRectF(self.rect())
        if stage is None:
            return
        if self._theme.reduced_motion:
            stage.paint_still(painter, box, self._still, self._arrows)
            self._paint_mark(painter)
        else:
            stage.paint(painter, box, self._at, None, self._arrows, part)

    def _paint_mark(self, painter: QPainter) -> None:
        stage = self._stage
        if stage is None or stage.still_count == 1:
            return
        words = _("{number} / {count}").format(number=self._still + 1, count=stage.still_count)
        font = self._theme.font(SMALL_STRONG)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(self._theme.colour("text_second"))
        left = self.width() - 20 - metrics.horizontalAdvance(words)
        painter.drawText(QPointF(left, self.height() - 18), words)

    def _still_at(self, at: float, *, moving: bool) -> int:
        """Give the still pose for this moment: the one that the figure moves to, or holds; before that, the first."""
        if self._stage is None:
            return 0
        timeline, still = self._stage.clip.timeline, self._stage.clip.still
        pose = timeline.span(at).move.to if moving else timeline.moves[-1].to
        return still.index(pose) if pose in still else self._still

    def _remember(self, change: Change, length_ms: int) -> None:
        """Keep the picture as it is, to change from it."""
        self._changing.stop()
        self._before = None
        if change is Change.AT_ONCE or not self.isVisible() or self._stage is None:
            return
        if change is Change.FLIP and self._theme.reduced_motion:
            change = Change.FADE
        dpr = self.devicePixelRatioF()
        before = QImage(self.size() * dpr, QImage.Format.Format_RGB32)
        before.setDevicePixelRatio(dpr)
        before.fill(self._theme.colour("stage"))
        with QPainter(before) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_figure(painter)
        self._before, self._change = before, change
        self._changing.setDuration(length_ms)
        self._changing.setEasingCurve(QEasingCurve.Type.InOutSine)
        self._changing.start()

    def _changed(self, _share: float) -> None:
        self.update()

    def _change_over(self) -> None:
        self._before = None
        self.update()

"""Buttons: text on a filled, bordered or bare ground, and round ones with a sign. All are real QAbstractButtons."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from traycoach.ui.glyphs import Glyph, paint_glyph
from traycoach.ui.palette import mix
from traycoach.ui.theme import Theme
from traycoach.ui.typeface import BUTTON, TypeRole

HIT: Final = 44
"""No control is smaller than this either way, px."""
MUTED: Final = 0.6


class Ground(Enum):
    """What a button's sign or text stands on."""

    FILLED = auto()
    BORDERED = auto()
    BARE = auto()
    LINK = auto()
    """Nothing at all: text in the accent colour, flush with the text above it, underlined under the pointer."""


_INSETS: Final = {Ground.FILLED: 20, Ground.BORDERED: 14, Ground.BARE: 10, Ground.LINK: 1}


class Control(QAbstractButton):
    """What all buttons share: theme, focus by keyboard only, and being deaf for a while without looking broken."""

    radius: float = 12.0

    def __init__(self, theme: Theme, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.ring_wanted = False
        """Whether the focus ring is to be shown: the focus came by keyboard or by the program, not by a click."""
        self._muted = False
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.dress()

    def dress(self) -> None:
        """Take over a changed theme."""
        self.setFont(self.theme.font(BUTTON))

    @property
    def caption(self) -> str:
        """The text as it is read, without the marks of shortcuts."""
        return self.text().replace("&&", "&")

    @property
    def muted(self) -> bool:
        """Whether the control is shown weaker because it does not listen yet."""
        return self._muted

    @muted.setter
    def muted(self, muted: bool) -> None:
        self._muted = muted
        self.update()

    def ring_shape(self) -> tuple[QRectF, float]:
        """Give the outline that a focus ring surrounds, in own coordinates, and its corner radius."""
        return QRectF(self.rect()), self.radius

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Remember how the focus came."""
        self.ring_wanted = event.reason() is not Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Look alive under the pointer."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Look calm again."""
        super().leaveEvent(event)
        self.update()

    def paint_ground(self, painter: QPainter, box: QRectF, ground: Ground, radius: float) -> QColor:
        """Paint the ground in the state of the button; give the colour for what stands on it."""
        palette = self.theme.palette
        pressed, hovered = self.isDown(), self.underMouse() and self.isEnabled() and not self._muted
        if ground is Ground.FILLED:
            fill = mix(palette.accent, palette.text_on_accent, 0.16 if pressed else 0.08 if hovered else 0.0)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(fill))
            painter.drawRoundedRect(box, radius, radius)
            return QColor(palette.text_on_accent)
        if ground is Ground.LINK:
            return QColor(palette.accent)
        fill = palette.card if ground is Ground.BORDERED else palette.window
        if pressed or hovered:
            fill = mix(fill, palette.accent_soft, 1.0 if pressed else 0.55)
        if ground is Ground.BORDERED:
            width = 2.0 if palette.contrast else 1.5
            painter.setPen(QPen(QColor(palette.border), width))
            painter.setBrush(QColor(fill))
            inset = width / 2
            painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset)
            return QColor(palette.text)
        if pressed or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(fill))
            painter.drawRoundedRect(box, radius, radius)
        return QColor(palette.text_second)


class Button(Control):
    """A button with a text, and a sign behind it if it opens a menu."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        ground: Ground,
        *,
        opens_menu: bool = False,
        role: TypeRole = BUTTON,
        parent: QWidget | None = None,
    ) -> None:
        self._role = role
        self._opens = opens_menu
        self._opened = False
        self._ground = ground
        self.headroom = 0
        """So many px over the text are only there to be hit."""
        super().__init__(theme, text, parent)
        stretch = QSizePolicy.Policy.Expanding if ground is Ground.FILLED else QSizePolicy.Policy.Preferred
        self.setSizePolicy(stretch, QSizePolicy.Policy.Fixed)

    def dress(self) -> None:
        """Take over a changed theme."""
        self.setFont(self.theme.font(self._role))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give the size of the text with its insets."""
        width = QFontMetrics(self.font()).horizontalAdvance(self.caption) + 2 * _INSETS[self._ground]
        if self._opens:
            width += self.theme.grown(20)
        return QSize(max(HIT, width), max(HIT, self.theme.line(self._role) + 24))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A button is squeezed before its window grows over the screen; its text is then cut."""
        hint = self.sizeHint()
        least = 72 if self._ground is Ground.FILLED else 110
        return QSize(min(hint.width(), self.theme.grown(least)), hint.height())

    def show_opened(self, *, opened: bool) -> None:
        """Turn the sign: the menu is open, or closed again."""
        self._opened = opened
        self.update()

    def ring_shape(self) -> tuple[QRectF, float]:
        """Give the outline; that of a link lies around its text, not its hit area."""
        if self._ground is not Ground.LINK:
            return super().ring_shape()
        height = self.theme.line(self._role)
        return QRectF(0, (self.height() + self.headroom - height) / 2, self.width(), height), 4.0

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint ground, text and sign."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setOpacity(MUTED if self._muted else 1.0 if self.isEnabled() else 0.45)
            ink = self.paint_ground(painter, QRectF(self.rect()), self._ground, self.radius)
            metrics = QFontMetrics(self.font())
            room = self.width() - min(12, _INSETS[self._ground])
            sign = self.theme.grown(20) if self._opens else 0
            words = metrics.elidedText(self.caption, Qt.TextElideMode.ElideRight, room - sign)
            self.setToolTip(self.caption if words != self.caption else "")
            wide = metrics.horizontalAdvance(words)
            left = (self.width() - wide - sign) / 2
            reversed_ = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
            text_left = left + sign if reversed_ else left
            painter.setPen(ink)
            font = QFont(self.font())
            font.setUnderline(self._ground is Ground.LINK and self.underMouse())
            painter.setFont(font)
            box = QRectF(text_left, self.headroom, wide + 1, self.height() - self.headroom)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
            if self._opens:
                middle = left + sign * 0.4 if reversed_ else left + wide + sign * 0.6
                sign_shown = Glyph.OPENS_UP if self._opened else Glyph.OPENS_DOWN
                paint_glyph(painter, sign_shown, QPointF(middle, box.center().y()), self.theme.grown(11), ink)


class RoundButton(Control):
    """A round button with a sign; `name` is what it is called in words (also its tooltip)."""

    def __init__(
        self,
        theme: Theme,
        glyph: Glyph,
        name: str,
        diameter: int,
        ground: Ground = Ground.BORDERED,
        parent: QWidget | None = None,
    ) -> None:
        self._diameter = diameter
        self._glyph = glyph
        self._ground = ground
        super().__init__(theme, "", parent)
        self.show_sign(glyph, name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_sign(self, glyph: Glyph, name: str) -> None:
        """Change sign and name."""
        self._glyph = glyph
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.update()

    def ring_shape(self) -> tuple[QRectF, float]:
        """Give the circle."""
        return QRectF(self.rect()), self.height() / 2

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Give the box around the circle."""
        side = max(HIT, self._diameter)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the circle and the sign."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setOpacity(MUTED if self.muted else 1.0 if self.isEnabled() else 0.45)
            box = QRectF(self.rect())
            ink = self.paint_ground(painter, box, self._ground, box.height() / 2)
            size = self._diameter * (0.3 if self._ground is Ground.FILLED else 0.36)
            mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft and self._glyph in (
                Glyph.BACK,
                Glyph.NEXT,
            )
            paint_glyph(painter, self._glyph, box.center(), size, ink, mirrored=mirrored)

"""The list of routines: a card each, whose picture is asked for when the card comes into sight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QBrush,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from traycoach.messages import ListedRoutine
from traycoach.text import _
from traycoach.ui.glyphs import Glyph, paint_glyph
from traycoach.ui.picture import build_stage
from traycoach.ui.routines_sought import badges_of, spoken
from traycoach.ui.slim_bar import SlimBar
from traycoach.ui.theme import Theme
from traycoach.ui.typeface import SMALL, SMALL_STRONG, TITLE

_Index = QModelIndex | QPersistentModelIndex
_ENTRY: Final = Qt.ItemDataRole.UserRole
_PICTURE: Final = QSize(54, 60)
_PAD: Final = 10
_GAP: Final = 6
_NO_PARENT: Final = QModelIndex()


class RoutinesModel(QAbstractListModel):
    """The routines that the list shows, in order."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.entries: tuple[ListedRoutine, ...] = ()

    def show_entries(self, entries: Sequence[ListedRoutine]) -> None:
        """List these."""
        self.beginResetModel()
        self.entries = tuple(entries)
        self.endResetModel()

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """Give the number of routines."""
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own
        """Give an entry, its title, or what a screen reader says of it."""
        entry = self.entries[index.row()]
        if role == _ENTRY:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(entry)
        if role in (Qt.ItemDataRole.AccessibleDescriptionRole, Qt.ItemDataRole.ToolTipRole):
            return entry.summary
        return None


class RoutinesList(QListView):
    """One card is the chosen one. `chosen` gives its id ("" for none); `start_asked` comes with Enter, double click.

    `pictures_asked` gives the ids whose pictures have come into sight and are not there yet.
    """

    chosen = Signal(str)
    start_asked = Signal()
    pictures_asked = Signal(tuple)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = RoutinesModel(self)
        self._card = _Card(theme, self)
        self._asked: set[str] = set()
        self._wanted: list[str] = []
        self._asking = QTimer(self)
        self._asking.setSingleShot(True)
        self._asking.setInterval(0)
        self._asking.timeout.connect(self._ask)
        self._showing = False
        self.setModel(self._model)
        self.setItemDelegate(self._card)
        self.setAccessibleName(_("Routines"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBar(SlimBar(theme))
        self.setSpacing(0)
        self.setUniformItemSizes(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.doubleClicked.connect(lambda _index: self.start_asked.emit())
        self.dress()

    @property
    def entries(self) -> tuple[ListedRoutine, ...]:
        """The routines listed."""
        return self._model.entries

    @property
    def current(self) -> ListedRoutine | None:
        """The chosen routine."""
        index = self.currentIndex()
        return self._model.entries[index.row()] if index.isValid() else None

    def show_entries(self, entries: Sequence[ListedRoutine]) -> None:
        """List these; the chosen one stays, or else the one in its place is chosen."""
        before, row = self.current, max(0, self.currentIndex().row())
        place = self.verticalScrollBar().value()
        self._showing = True
        self._model.show_entries(entries)
        if entries:
            same = [number for number, one in enumerate(entries) if before is not None and one.id == before.id]
            self.setCurrentIndex(self._model.index(same[0] if same else min(row, len(entries) - 1)))
            if same:
                self.verticalScrollBar().setValue(place)
            self.scrollTo(self.currentIndex())
        self._showing = False
        self._tell()

    def show_pictures(self, pictures: Mapping[str, Any], poses: Mapping[str, Any]) -> None:
        """Draw these routines' pictures."""
        for routine, exercise in pictures.items():
            self._card.exercises[routine] = (exercise, poses) if isinstance(exercise, Mapping) else None
        self.viewport().update()

    def want_picture(self, routine: str) -> None:
        """A card without its picture has been painted."""
        if routine not in self._asked:
            self._asked.add(routine)
            self._wanted.append(routine)
            self._asking.start()

    def dress(self) -> None:
        """Take over a changed theme."""
        self._card.images.clear()
        self.setFont(self._theme.font(TITLE))
        self.scheduleDelayedItemsLayout()

    def currentChanged(self, current: _Index, previous: _Index) -> None:  # noqa: N802 - Qt's name
        """Tell which routine is chosen now."""
        super().currentChanged(current, previous)
        if not self._showing:
            self._tell()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self._card.ringed = event.reason() is not Qt.FocusReason.MouseFocusReason
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Walk the list; Enter starts. Letters are for the window, not for Qt's search by first letters."""
        self._card.ringed = True
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self.current is not None:
                self.start_asked.emit()
            case (
                Qt.Key.Key_Up
                | Qt.Key.Key_Down
                | Qt.Key.Key_Home
                | Qt.Key.Key_End
                | Qt.Key.Key_PageUp
                | Qt.Key.Key_PageDown
            ):
                super().keyPressEvent(event)
            case _:
                event.ignore()

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """A card under the pointer looks alive."""
        if event.type() is QEvent.Type.Leave:
            self.viewport().update()
        return super().viewportEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint what is in sight. One new picture is drawn at a time, so that the list answers at once."""
        self._card.may_draw = True
        super().paintEvent(event)
        if not self._card.may_draw:
            QTimer.singleShot(0, self.viewport(), self.viewport().update)

    def _tell(self) -> None:
        current = self.current
        self.chosen.emit("" if current is None else current.id)

    def _ask(self) -> None:
        wanted, self._wanted = tuple(self._wanted), []
        self.pictures_asked.emit(wanted)


class _Card(QStyledItemDelegate):
    """Paints a card: picture, title, a line or two, badges; a star for a favourite."""

    def __init__(self, theme: Theme, view: RoutinesList) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self.exercises: dict[str, tuple[Mapping[str, Any], Mapping[str, Any]] | None] = {}
        self.images: dict[tuple[str, float], QImage] = {}
        self.ringed = False
        self.may_draw = True

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:  # noqa: N802 - Qt's name
        """Give a card's height; the width is the list's."""
        theme = self._theme
        words = 2 * theme.line(TITLE) + theme.line(SMALL) + theme.line(SMALL_STRONG) + 6
        return QSize(self._view.viewport().width(), max(words, self._picture().height()) + 2 * _PAD + _GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint the card."""
        theme = self._theme
        entry: ListedRoutine = index.data(_ENTRY)
        states: QStyle.StateFlag = option.state
        whole: QRect = option.rect
        card = QRectF(whole).adjusted(4, 4, -4, 4 - _GAP)
        chosen = bool(states & QStyle.StateFlag.State_Selected)
        hovered = bool(states & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, card, chosen=chosen, hovered=hovered)
        if entry.hidden:
            painter.setOpacity(0.65)
        reversed_ = self._view.layoutDirection() is Qt.LayoutDirection.RightToLeft
        size = self._picture()
        left = card.right() - _PAD - size.width() if reversed_ else card.left() + _PAD
        self._paint_picture(painter, QRectF(left, card.top() + _PAD, size.width(), size.height()), entry)
        words = card.adjusted(_PAD, _PAD - 2, -_PAD - size.width() - 10, 0)
        if not reversed_:
            words.translate(size.width() + 10, 0)
        ink = theme.colour("text_on_accent_soft" if chosen else "text")
        second = ink if chosen else theme.colour("text_second")
        title = QRectF(words.left(), words.top(), words.width(), theme.line(TITLE))
        if entry.favourite:
            star = theme.grown(14)
            middle = QPointF(words.left() + star / 2 if reversed_ else words.right() - star / 2, title.center().y())
            paint_glyph(painter, Glyph.STAR_FULL, middle, star, theme.colour("accent"))
            title.adjust(star + 6 if reversed_ else 0, 0, 0 if reversed_ else -star - 6, 0)
        start = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        titles = _broken(entry.title, theme.font(TITLE), title.width(), 2)
        painter.setPen(ink)
        painter.setFont(theme.font(TITLE))
        for text in titles:
            painter.drawText(title, start, text)
            title.translate(0, title.height())
        painter.setPen(second)
        painter.setFont(theme.font(SMALL))
        line = QRectF(words.left(), title.top() + 1, words.width(), theme.line(SMALL))
        for text in _broken(entry.summary, theme.font(SMALL), words.width(), 3 - len(titles)):
            painter.drawText(line, start, text)
            line.translate(0, line.height())
        line.moveBottom(card.bottom() - _PAD + 2)
        painter.setPen(ink)
        painter.setFont(theme.font(SMALL_STRONG))
        badges = " · ".join(badges_of(entry))
        painter.drawText(line, start, _cut(badges, theme.font(SMALL_STRONG), line.width()))
        painter.restore()
        if chosen and self.ringed and self._view.hasFocus():
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("focus"), 3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(card.adjusted(-1.5, -1.5, 1.5, 1.5), 15.5, 15.5)
            painter.restore()

    def _paint_ground(self, painter: QPainter, card: QRectF, *, chosen: bool, hovered: bool) -> None:
        theme, palette = self._theme, self._theme.palette
        line = "accent" if chosen else "border" if palette.contrast or hovered else "divider"
        width = 2.0 if chosen else float(palette.border_width)
        painter.setPen(QPen(theme.colour(line), width))
        painter.setBrush(theme.colour("accent_soft" if chosen else "card"))
        inset = width / 2
        painter.drawRoundedRect(card.adjusted(inset, inset, -inset, -inset), 14, 14)

    def _paint_picture(self, painter: QPainter, box: QRectF, entry: ListedRoutine) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("stage"))
        image = self._image(entry.id, painter.device().devicePixelRatioF())
        if image is not None and not image.isNull():
            painter.setBrush(QBrush(image))
        painter.translate(box.topLeft())
        painter.drawRoundedRect(QRectF(0, 0, box.width(), box.height()), 10, 10)
        painter.translate(-box.topLeft())

    def _image(self, routine: str, dpr: float) -> QImage | None:
        key = (routine, dpr)
        if key not in self.images:
            if routine not in self.exercises:
                self._view.want_picture(routine)
                return None
            if not self.may_draw:
                return None
            self.may_draw = False
            held = self.exercises[routine]
            stage = None if held is None else build_stage(*held, "right", self._theme)
            self.images[key] = QImage() if stage is None else stage.thumbnail(self._picture(), dpr)
        return self.images[key]

    def _picture(self) -> QSize:
        growth = (1 + self._theme.scale) / 2
        return QSize(round(_PICTURE.width() * growth), round(_PICTURE.height() * growth))


def _broken(text: str, font: QFont, width: float, most: int) -> list[str]:
    """Give the text in at most so many lines, the last one cut."""
    if most == 1:
        return [_cut(text, font, width)]
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    first = layout.createLine()
    first.setLineWidth(max(1.0, width))
    end = first.textLength()
    layout.endLayout()
    rest = text[end:].strip()
    return [text[:end].strip(), *([_cut(rest, font, width)] if rest else [])]


def _cut(text: str, font: QFont, width: float) -> str:
    return QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, max(1, int(width)))

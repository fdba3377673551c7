"""The preview of a routine: its steps in motion, one after the other, their list, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QElapsedTimer,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from traycoach.messages import ListedRoutine, RoutineStep
from traycoach.text import _
from traycoach.ui.controls import Button, Ground, RoundButton
from traycoach.ui.exercise_words import dose_of, partner_of, title_of
from traycoach.ui.figure_painter import Stage
from traycoach.ui.glyphs import Glyph
from traycoach.ui.picture import build_stage
from traycoach.ui.routines_sought import facts_of, start_words
from traycoach.ui.slim_bar import SlimBar
from traycoach.ui.stage_view import Change, StageView
from traycoach.ui.theme import Theme
from traycoach.ui.typeface import SECTION, SMALL, STEP
from traycoach.ui.words_label import Words

FRAME_MS: Final = 33
CALM_MS: Final = 100
_SHOWN_FOR_S: Final = 6.0
_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT: Final = QModelIndex()
_ROW: Final = 32
_SHAPE: Final = 1.5
_TALLEST: Final = 0.5


class RoutinePreview(QWidget):
    """Shows one routine. `start`, `star` and `hide_it` are its buttons; `show_small` leaves only the buttons."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._entry: ListedRoutine | None = None
        self._steps: tuple[RoutineStep, ...] = ()
        self._poses: Mapping[str, Any] = {}
        self._row = -1
        self._stays = False
        self._seen = False
        self._small = False
        self._unreadable = False
        self._since = QElapsedTimer()
        self._tick = QTimer(self)
        self._tick.timeout.connect(self.tick)
        self.stage = StageView(theme)
        self.title = Words(theme, SECTION, lines=2)
        self.facts = Words(theme, SMALL, colour="text_second", lines=3)
        self.steps = StepsList(theme)
        self.trouble = Words(theme, STEP, _("The steps of this routine cannot be read."), colour="text_second", lines=3)
        self.start = Button(theme, "", Ground.FILLED)
        self.star = RoundButton(theme, Glyph.STAR, _("Favourite (F)"), 44, Ground.BORDERED)
        self.hide_it = RoundButton(theme, Glyph.HIDE, _("Hide (H)"), 44, Ground.BORDERED)
        self.star.setCheckable(True)
        self.hide_it.setCheckable(True)
        self.steps.asked.connect(self._stay_on)
        self._lay_out()
        self.show_entry(None)

    @property
    def shown_row(self) -> int:
        """The number of the row of the step that moves; -1 without one."""
        return self._row

    def show_entry(self, entry: ListedRoutine | None) -> None:
        """Show this routine's words; its steps come later, if they are not there already."""
        if entry is None or self._entry is None or entry.id != self._entry.id:
            self._steps, self._row, self._stays, self._unreadable = (), -1, False, False
            self.steps.show_steps(())
            self.stage.show_stage(None)
            self._tick.stop()
        self._entry = entry
        self.trouble.setVisible(self._unreadable and not self._small)
        for control in (self.start, self.star, self.hide_it):
            control.setEnabled(entry is not None)
        for mark in (self.star, self.hide_it):
            mark.setVisible(entry is None or not entry.lesson)
        self.title.setText("" if entry is None else entry.title)
        self.facts.setText("" if entry is None else facts_of(entry))
        start = _("Start") if entry is None else start_words(entry.length)
        self.start.setText(start.replace("&", "&&"))
        self.start.setAccessibleName(start if entry is None else f"{start}, {entry.title}")
        favourite, hidden = entry is not None and entry.favourite, entry is not None and entry.hidden
        self.star.setChecked(favourite)
        self.star.show_sign(
            Glyph.STAR_FULL if favourite else Glyph.STAR,
            _("No longer a favourite (F)") if favourite else _("Make it a favourite (F)"),
        )
        self.hide_it.setChecked(hidden)
        self.hide_it.show_sign(
            Glyph.SHOW if hidden else Glyph.HIDE, _("Show it again (H)") if hidden else _("Never offer it (H)")
        )

    def show_steps(self, routine: str, steps: Sequence[RoutineStep], poses: Mapping[str, Any]) -> None:
        """Show and move the steps, if they are those of the routine shown."""
        if self._entry is None or routine != self._entry.id:
            return
        both = [number for number in range(len(steps)) if (partner_of(steps, number) or number) >= number]
        rows = [(title_of(steps[number]), dose_of(steps, number)) for number in both]
        self._steps, self._poses = tuple(steps[number] for number in both), poses
        self.steps.show_steps(rows)
        self._unreadable = not rows
        self.trouble.setVisible(not rows and not self._small)
        if rows:
            self._come(0)

    def see(self, *, seen: bool) -> None:
        """Move, or rest because nobody sees it."""
        self._seen = seen
        self._set_pace()

    def show_small(self, *, small: bool) -> None:
        """Leave out stage, words and steps, or bring them back."""
        self._small = small
        for part in (self.stage, self.title, self.facts, self.steps):
            part.setVisible(not small)
        self.trouble.setVisible(not small and self._unreadable)
        policy = QSizePolicy.Policy.Fixed if small else QSizePolicy.Policy.Preferred
        self.setSizePolicy(QSizePolicy.Policy.Preferred, policy)
        self._set_pace()

    def restyle(self) -> None:
        """Take over a changed theme."""
        if self._row >= 0:
            self._come(self._row)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the stage's shape: close-ups are cut at the sides where it is too tall."""
        super().resizeEvent(event)
        self.stage.setFixedHeight(round(min(self.width() / _SHAPE, self.height() * _TALLEST)))

    def tick(self) -> None:
        """Show the present moment; after a while go on to the next step."""
        stage = self.stage.stage
        at = self._since.elapsed() / 1000
        if stage is None:
            self._tick.stop()
            return
        loops = max(1, ceil(_SHOWN_FOR_S / stage.duration - 0.25))
        if not self._stays and len(self._steps) > 1 and at >= loops * stage.duration:
            self._come((self._row + 1) % len(self._steps))
            return
        self.stage.show_moment(at, arrows=True)
        if not self._theme.reduced_motion:
            stage.bake()
        self._set_pace()

    def _stay_on(self, row: int) -> None:
        self._stays = True
        if row != self._row:
            self._come(row)

    def _come(self, row: int) -> None:
        step = self._steps[row]
        self._row = row
        self.stage.show_stage(
            build_stage(step.exercise, self._poses, step.side, self._theme),
            Change.FADE if self.stage.stage is not None else Change.AT_ONCE,
        )
        self.steps.mark(row)
        self._since.start()
        self.stage.show_moment(0.0, arrows=True)
        self._set_pace()

    def _set_pace(self) -> None:
        stage: Stage | None = self.stage.stage
        if stage is None or not self._seen or self._small:
            self._tick.stop()
            return
        moving = stage.changes_in(self._since.elapsed() / 1000) <= 0.0 and not self._theme.reduced_motion
        pace = FRAME_MS if moving else CALM_MS
        if not self._tick.isActive() or self._tick.interval() != pace:
            self._tick.start(pace)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.start, 1)
        buttons.addWidget(self.star)
        buttons.addWidget(self.hide_it)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.stage)
        layout.addSpacing(10)
        layout.addWidget(self.title)
        layout.addSpacing(2)
        layout.addWidget(self.facts)
        layout.addWidget(self.trouble)
        layout.addSpacing(8)
        layout.addWidget(self.steps, 1)
        layout.addSpacing(10)
        layout.addLayout(buttons)


class StepsList(QListView):
    """The steps of the routine. `asked` gives the row that the user went to."""

    asked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = _StepsModel(self)
        self._marking = False
        self.ringed = False
        self.setModel(self._model)
        self.setItemDelegate(_StepRow(theme, self))
        self.setAccessibleName(_("Steps"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBar(SlimBar(theme))
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.dress()

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Name and dose of each step."""
        return self._model.rows

    def show_steps(self, rows: Sequence[tuple[str, str]]) -> None:
        """List these names and doses."""
        self._marking = True
        self._model.show_rows(rows)
        self._marking = False

    def mark(self, row: int) -> None:
        """Show which step moves."""
        self._marking = True
        self.setCurrentIndex(self._model.index(row))
        self._marking = False

    def dress(self) -> None:
        """Take over a changed theme."""
        self.setFont(self._theme.font(STEP))
        self.scheduleDelayedItemsLayout()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """One step and a half show that there are more."""
        return QSize(80, self._theme.grown(_ROW * 1.5))

    def currentChanged(self, current: _Index, previous: _Index) -> None:  # noqa: N802 - Qt's name
        """Tell where the user went."""
        super().currentChanged(current, previous)
        if not self._marking and current.isValid():
            self.asked.emit(current.row())

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self.ringed = event.reason() is not Qt.FocusReason.MouseFocusReason
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Walk the steps; all else is for the window."""
        self.ringed = True
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
        else:
            event.ignore()


class _StepsModel(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[tuple[str, str], ...] = ()

    def show_rows(self, rows: Sequence[tuple[str, str]]) -> None:
        """List these."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """Give the number of steps."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own
        """Give the name, or both in words."""
        name, dose = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"{name}, {dose}"
        return None


class _StepRow(QStyledItemDelegate):
    def __init__(self, theme: Theme, view: StepsList) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:  # noqa: N802 - Qt's name
        """Give a row's size."""
        return QSize(self._view.viewport().width(), self._theme.grown(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint the name at the start and the dose at the end of the row."""
        theme = self._theme
        name, dose = self._view.rows[index.row()]
        states: QStyle.StateFlag = option.state
        whole: QRect = option.rect
        box = QRectF(whole).adjusted(1.5, 1.5, -1.5, -1.5)
        chosen = bool(states & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            ringed = self._view.ringed and self._view.hasFocus()
            contrast = theme.palette.contrast
            painter.setPen(QPen(theme.colour("focus"), 3 if ringed else 2) if ringed or contrast else Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft"))
            painter.drawRoundedRect(box, 9, 9)
        words = box.adjusted(10, 0, -10, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        metrics = QFontMetrics(theme.font(SMALL))
        dose_wide = min(metrics.horizontalAdvance(dose) + 2, round(words.width() * 0.5))
        painter.setFont(theme.font(SMALL))
        painter.setPen(theme.colour("text_on_accent_soft" if chosen else "text_second"))
        cut_dose = metrics.elidedText(dose, Qt.TextElideMode.ElideRight, dose_wide)
        painter.drawText(words, Qt.AlignmentFlag.AlignRight | middle, cut_dose)
        room = words.width() - dose_wide - 8
        painter.setFont(theme.font(STEP))
        painter.setPen(theme.colour("text_on_accent_soft" if chosen else "text"))
        cut = QFontMetrics(theme.font(STEP)).elidedText(name, Qt.TextElideMode.ElideRight, round(room))
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | middle, cut)
        painter.restore()

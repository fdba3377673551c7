"""The Routines window: what the library holds, what each routine looks like, and which ones the user wants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from traycoach.messages import (
    FromWindows,
    ListedRoutine,
    PicturesAsked,
    PreviewAsked,
    RoutineMarked,
    RoutinesClosed,
    RoutinesView,
    ShowPictures,
    ShowPreview,
    StatusAction,
    UpdateRoutines,
)
from traycoach.text import _
from traycoach.ui.announce import announce
from traycoach.ui.controls import Button, Control, Ground, RoundButton
from traycoach.ui.desktop_traits import use_activation_token
from traycoach.ui.glyphs import Glyph
from traycoach.ui.prompt_card import pointer_screen
from traycoach.ui.routines_filters import FilterColumn, SearchField
from traycoach.ui.routines_list import RoutinesList
from traycoach.ui.routines_preview import RoutinePreview
from traycoach.ui.routines_sought import count_words, found
from traycoach.ui.slim_bar import WIDTH as BAR
from traycoach.ui.surface import Surface
from traycoach.ui.theme import Theme, set_margins
from traycoach.ui.typeface import PROMPT_BODY, SECTION, SMALL
from traycoach.ui.words_label import Words

SIZE: Final = QSize(760, 600)
LEAST: Final = QSize(520, 480)
PREVIEW_AFTER_MS: Final = 120
"""So long a routine must stay chosen before its steps are asked for."""
_INSET: Final = 24
_COLUMN: Final = 186


class Form(Enum):
    """How the parts lie in the window, by its width and the size of the text."""

    WIDE = auto()
    """Filters, list and preview beside each other."""
    NARROW = auto()
    """A button puts the filters in place of the list."""
    SLIM = auto()
    """The preview, without its picture, below the list."""


class RoutinesWindow(Surface):
    """Shows a `RoutinesView`, asks for pictures and steps as they are needed. `closed`: it has been hidden."""

    closed = Signal()

    def __init__(self, theme: Theme, send: Callable[[FromWindows], None]) -> None:
        super().__init__(theme, Qt.WindowType.Window, sizable=True)
        self._send = send
        self._entries: tuple[ListedRoutine, ...] = ()
        self._form: Form | None = None
        self._previewed = ""
        self.heading = Words(theme, SECTION, _("Routines"))
        self.search = SearchField(theme)
        self.filter_button = Button(theme, _("Filters"), Ground.BORDERED)
        self.filter_button.setCheckable(True)
        self.close_button = RoundButton(theme, Glyph.CLOSE, _("Close"), 40, Ground.BARE)
        self.filters = FilterColumn(theme)
        self.count = Words(theme, SMALL, colour="text_second")
        self.list = RoutinesList(theme)
        self.nothing = Words(theme, PROMPT_BODY, _("No routine fits."), colour="text_second", lines=3)
        self.clear = Button(theme, _("Clear search and filters"), Ground.BORDERED)
        self.preview = RoutinePreview(theme)
        self._preview_soon = QTimer(self)
        self._preview_soon.setSingleShot(True)
        self._preview_soon.setInterval(PREVIEW_AFTER_MS)
        self._preview_soon.timeout.connect(self._ask_preview)
        self.setWindowTitle(_("Routines"))
        self.setMinimumSize(LEAST)
        self._lay_out()
        self._connect()

    def show_view(self, view: RoutinesView, activation_token: str = "") -> None:
        """Open the window with this view, or bring it to the front."""
        self.update_view(view)
        if not self.isVisible():
            area = pointer_screen().availableGeometry()
            growth = 1 + (self.theme.scale - 1) * 0.4
            size = QSize(round(SIZE.width() * growth), round(SIZE.height() * growth)).boundedTo(area.size())
            self.resize(size)
            self.move(area.center() - self.rect().center())
        use_activation_token(activation_token)
        self.show()
        self.raise_()
        self.activateWindow()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def update_view(self, view: RoutinesView) -> None:
        """Show a changed library; search, filters and choice stay."""
        self._entries = view.entries
        self._find()

    def take(self, message: UpdateRoutines | ShowPreview | ShowPictures) -> None:
        """Show what has changed, or what was asked for."""
        match message:
            case UpdateRoutines():
                self.update_view(message.view)
            case ShowPreview():
                self.preview.show_steps(message.routine, message.steps, message.poses)
            case ShowPictures():
                self.list.show_pictures(message.pictures, message.poses)

    @property
    def form(self) -> Form:
        """How the parts lie now."""
        width = self.width() / self.theme.scale
        return Form.WIDE if width >= 700 else Form.NARROW if width >= 460 else Form.SLIM

    def close_asked(self) -> None:
        """Hide; the process keeps the window for the next time."""
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """The keys of the window."""
        key, focused = event.key(), self.focusWidget()
        if event.matches(QKeySequence.StandardKey.Find):
            self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.search.selectAll()
        elif key == Qt.Key.Key_Escape:
            self.close_asked()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if isinstance(focused, Control):
                focused.click()
            else:
                self.start()
        elif key == Qt.Key.Key_F and not event.isAutoRepeat():
            self.mark_favourite()
        elif key == Qt.Key.Key_H and not event.isAutoRepeat():
            self.mark_hidden()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Lay the parts out for the new size."""
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Move again."""
        super().showEvent(event)
        self.preview.see(seen=True)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Rest, and say that the window is closed."""
        super().hideEvent(event)
        self.preview.see(seen=False)
        self._send(RoutinesClosed())
        self.closed.emit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Nothing moves in a window that nobody sees."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.WindowStateChange:
            self.preview.see(seen=self.isVisible() and not self.isMinimized())

    # --- what the user does -------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the chosen routine, or open the lesson; this window has done its work then."""
        entry = self.list.current
        if entry is not None:
            lesson = StatusAction("open", ("lesson", entry.id))
            self._send(lesson if entry.lesson else StatusAction("now", (entry.id,)))
            self.close_asked()

    def mark_favourite(self) -> None:
        """Make the chosen routine a favourite, or take that back."""
        entry = self.list.current
        if entry is not None and not entry.lesson:
            self._mark(replace(entry, favourite=not entry.favourite))
            words = _("{title} is no longer a favourite.") if entry.favourite else _("{title} is a favourite now.")
            announce(self, words.format(title=entry.title))

    def mark_hidden(self) -> None:
        """Hide the chosen routine, or take that back."""
        entry = self.list.current
        if entry is not None and not entry.lesson:
            self._mark(replace(entry, hidden=not entry.hidden))
            words = _("{title} is offered again.") if entry.hidden else _("{title} is hidden.")
            announce(self, words.format(title=entry.title))

    def _mark(self, marked: ListedRoutine) -> None:
        """Show the mark at once; the daemon keeps it, and says so if it cannot."""
        self._entries = tuple(marked if one.id == marked.id else one for one in self._entries)
        self._send(RoutineMarked(marked.id, marked.favourite, marked.hidden))
        self._find()

    def _find(self) -> None:
        self.filters.show_hidden_count(sum(entry.hidden for entry in self._entries))
        entries = found(self._entries, self.filters.sought(self.search.text()))
        self.list.show_entries(entries)
        self.list.setVisible(bool(entries))
        self._empty.setVisible(not entries)
        self.count.setText(count_words(entries))
        count = self.filters.sought("").count
        words = _("Filters ({count})").format(count=count) if count else _("Filters")
        self.filter_button.setText(words)
        self.filter_button.setAccessibleName(words)

    def _clear(self) -> None:
        self.search.clear()
        self.filters.clear_all()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _chosen(self, routine: str) -> None:
        self.preview.show_entry(self.list.current)
        if routine != self._previewed:
            self._previewed = routine
            self._preview_soon.start()

    def _ask_preview(self) -> None:
        if self._previewed:
            self._send(PreviewAsked(self._previewed))

    def _to_list(self) -> None:
        self.filter_button.setChecked(False)
        self._arrange()
        self.list.setFocus(Qt.FocusReason.TabFocusReason)

    # --- how it lies --------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.close_button.clicked.connect(self.close_asked)
        self.search.textChanged.connect(lambda _text: self._find())
        self.search.left.connect(self._to_list)
        self.filters.changed.connect(self._find)
        self.filters.verticalScrollBar().valueChanged.connect(lambda _value: self._ring.follow())
        self.filter_button.clicked.connect(lambda _checked: self._arrange())
        self.clear.clicked.connect(self._clear)
        self.list.chosen.connect(self._chosen)
        self.list.start_asked.connect(self.start)
        self.list.pictures_asked.connect(lambda routines: self._send(PicturesAsked(routines)))
        self.preview.start.clicked.connect(self.start)
        self.preview.star.clicked.connect(self.mark_favourite)
        self.preview.hide_it.clicked.connect(self.mark_hidden)

    def _arrange(self) -> None:
        form = self.form
        wide = form is Form.WIDE
        filtering = not wide and self.filter_button.isChecked()
        self.filter_button.setVisible(not wide)
        self.filters.setVisible(wide or filtering)
        self._listing.setVisible(not filtering)
        if wide:
            self.filters.setFixedWidth(self.theme.grown(_COLUMN) + BAR)
        else:
            self.filters.setMinimumWidth(0)
            self.filters.setMaximumWidth(16_777_215)
        if form is not self._form:
            self._form = form
            slim = form is Form.SLIM
            self._parts.setDirection(QBoxLayout.Direction.TopToBottom if slim else QBoxLayout.Direction.LeftToRight)
            self.preview.show_small(small=slim)
            self._parts.setStretchFactor(self.preview, 0 if slim else 5)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        set_margins(top, self, _INSET, 0, 12, 0)
        top.setSpacing(14)
        top.addWidget(self.heading)
        top.addWidget(self.search, 1)
        top.addWidget(self.filter_button)
        top.addWidget(self.close_button)
        self._empty = QWidget()
        empty = QVBoxLayout(self._empty)
        empty.setContentsMargins(4, 24, 4, 0)
        empty.setSpacing(12)
        empty.addWidget(self.nothing)
        empty.addWidget(self.clear, alignment=Qt.AlignmentFlag.AlignLeft)
        empty.addStretch(1)
        self._listing = QWidget()
        listing = QVBoxLayout(self._listing)
        listing.setContentsMargins(0, 0, 0, 0)
        listing.setSpacing(2)
        self.count.setIndent(4)
        listing.addWidget(self.count)
        listing.addWidget(self.list, 1)
        listing.addWidget(self._empty, 1)
        self._parts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._parts.setContentsMargins(_INSET, 0, _INSET, 0)
        self._parts.setSpacing(12)
        self._parts.addWidget(self.filters, 6)
        self._parts.addWidget(self._listing, 6)
        self._parts.addWidget(self.preview, 5)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 20)
        layout.setSpacing(10)
        layout.addLayout(top)
        layout.addLayout(self._parts, 1)
        order: tuple[QWidget, ...] = (
            self.search, self.filter_button, *self.filters.controls, self.list, self.clear,
            self.preview.steps, self.preview.start, self.preview.star, self.preview.hide_it, self.close_button,
        )  # fmt: skip
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _theme_changed(self) -> None:
        super()._theme_changed()
        self._arrange()
        self.preview.restyle()

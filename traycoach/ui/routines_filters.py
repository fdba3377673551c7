"""The filter column of the Routines window, and its search field."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from traycoach.text import _
from traycoach.ui.controls import HIT, Button, Control, Ground
from traycoach.ui.filter_chips import ChipFlow
from traycoach.ui.popup_menu import MenuRow, PopupMenu
from traycoach.ui.routines_sought import GROUPS, LENGTHS, PARTS, Sought, group_words, part_words
from traycoach.ui.slim_bar import SlimBar
from traycoach.ui.theme import Theme
from traycoach.ui.typeface import LABEL_STRONG, SMALL, STEP
from traycoach.ui.words_label import Words


class SearchField(QLineEdit):
    """Esc empties it before it closes anything; Down and Enter go on to the list."""

    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setPlaceholderText(_("Search"))
        self.setAccessibleName(_("Search routines"))
        self.setToolTip(_("Search (Ctrl+F)"))
        self.dress()

    def dress(self) -> None:
        """Take over a changed theme."""
        palette = self._theme.palette
        width = 2 if palette.contrast else 1
        self.setFont(self._theme.font(STEP))
        self.setFixedHeight(max(HIT, self._theme.line(STEP) + 20))
        self.setStyleSheet(
            f"QLineEdit {{ background: {palette.card}; color: {palette.text}; border-radius: 12px; padding: 0 12px;"
            f" border: {width}px solid {palette.border}; selection-background-color: {palette.accent};"
            f" selection-color: {palette.text_on_accent}; placeholder-text-color: {palette.text_second}; }}"
            f"QLineEdit:focus {{ border: 3px solid {palette.focus}; padding: 0 {10 + width}px; }}"
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take the keys of the field."""
        match event.key():
            case Qt.Key.Key_Escape if self.text():
                self.clear()
            case Qt.Key.Key_Down | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.left.emit()
            case _:
                super().keyPressEvent(event)


class FilterColumn(QScrollArea):
    """All filters but the words. `changed` comes with each change; `sought` is what they say."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._part = ""
        self._menu: PopupMenu | None = None
        self.groups = ChipFlow(theme, _("What for"), [group_words(key) for key, _group in GROUPS])
        self.part = Button(theme, "", Ground.BORDERED, opens_menu=True, role=LABEL_STRONG)
        lengths = [_("{minutes} min").format(minutes=minutes) for minutes in LENGTHS]
        self.lengths = ChipFlow(theme, _("At most"), lengths, single=True)
        self.places = ChipFlow(theme, _("Place"), [_("Seated only"), _("No floor"), _("Discreet")])
        self.marks = ChipFlow(theme, _("Show"), [_("Favourites"), _("Hidden")])
        self.clear = Button(theme, _("Clear filters"), Ground.LINK, role=LABEL_STRONG)
        self._headings = {
            flow: Words(theme, SMALL, flow.accessibleName(), colour="text_second")
            for flow in (self.groups, self.lengths, self.places, self.marks)
        }
        self._say_part()
        self._lay_out()
        for flow in (self.groups, self.lengths, self.places, self.marks):
            flow.changed.connect(self._changed)
        self.part.clicked.connect(self._open_parts)
        self.clear.clicked.connect(self.clear_all)

    @property
    def controls(self) -> tuple[Control, ...]:
        """All that takes the keyboard, in order."""
        later = (*self.lengths.chips, *self.places.chips, *self.marks.chips)
        return (*self.groups.chips, self.part, *later, self.clear)

    def sought(self, words: str) -> Sought:
        """Give what is looked for, with these words."""
        lengths, places, marks = self.lengths.on, self.places.on, self.marks.on
        return Sought(
            words=words,
            groups=frozenset(GROUPS[number][0] for number in self.groups.on),
            part=self._part,
            at_most=LENGTHS[lengths[0]] if lengths else None,
            seated=0 in places,
            no_floor=1 in places,
            discreet=2 in places,
            favourites=0 in marks,
            hidden=1 in marks,
        )

    def clear_all(self) -> None:
        """Ask for nothing."""
        for flow in (self.groups, self.lengths, self.places, self.marks):
            flow.clear()
        self._part = ""
        self._say_part()
        self._changed()

    def choose_part(self, part: str) -> None:
        """Look for routines of a part of the body, a key of PARTS; "" for all."""
        self._part = part
        self._say_part()
        self._changed()

    def show_hidden_count(self, count: int) -> None:
        """Say how many routines are hidden; without any there is nothing to switch on."""
        hidden = self.marks.chips[1]
        hidden.say(_("Hidden ({count})").format(count=count) if count else _("Hidden"))
        hidden.setVisible(count > 0 or hidden.isChecked())
        self.marks.flow()

    def dress(self) -> None:
        """Take over a changed theme."""
        self.viewport().update()

    def _changed(self) -> None:
        self.clear.setVisible(self.sought("") != Sought())
        self.changed.emit()

    def _say_part(self) -> None:
        words = part_words(self._part) if self._part else _("Any part of the body")
        self.part.setText(words.replace("&", "&&"))
        self.part.setAccessibleName(_("Part of the body: {part}").format(part=words))

    def _open_parts(self) -> None:
        rows = [MenuRow(_("Any part of the body"), partial(self.choose_part, ""))]
        rows += [MenuRow(part_words(key), partial(self.choose_part, key)) for key, _regions in PARTS]
        self._menu = PopupMenu(self._theme, _("Part of the body"), rows, self)
        self._menu.open_at(self.part)

    def _lay_out(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBar(SlimBar(self._theme))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for flow in (self.groups, self.lengths, self.places, self.marks):
            layout.addWidget(self._headings[flow])
            layout.addWidget(flow)
            layout.addSpacing(6)
            if flow is self.groups:
                layout.addWidget(self.part)
                layout.addSpacing(10)
        layout.addWidget(self.clear, alignment=Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        self.clear.hide()
        self.setWidget(inner)
        for ground in (self.viewport(), inner):
            ground.setAutoFillBackground(False)

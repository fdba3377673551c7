"""The small status window: how it stands now, why, the day so far, and what can be asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from traycoach.core.rules import Posture
from traycoach.messages import FromWindows, StatusAction, StatusView
from traycoach.text import _
from traycoach.ui.controls import Button, Ground, RoundButton
from traycoach.ui.day_line import DayLine
from traycoach.ui.desktop_traits import use_activation_token
from traycoach.ui.glyphs import Glyph
from traycoach.ui.popup_menu import MenuRow, PopupMenu
from traycoach.ui.prompt_card import pointer_screen, sheet_height
from traycoach.ui.state_ring import StateRing
from traycoach.ui.surface import Surface
from traycoach.ui.theme import Theme, set_margins
from traycoach.ui.typeface import FACT, LABEL, LABEL_STRONG, PROMPT_BODY, SECTION, SMALL
from traycoach.ui.words_label import Words

WIDTH: Final = 420
_INSET: Final = 24


class StatusWindow(Surface):
    """Shows a `StatusView`; each button asks the daemon for one verb. `closed` says that it has been hidden."""

    closed = Signal()

    def __init__(self, theme: Theme, send: Callable[[FromWindows], None]) -> None:
        super().__init__(theme, Qt.WindowType.Window)
        self._send = send
        self._view: StatusView | None = None
        self._menu: PopupMenu | None = None
        self._facts: list[tuple[Words, Words]] = []
        self.ring = StateRing(theme)
        self.state = Words(theme, SECTION, lines=2)
        self.why = Words(theme, PROMPT_BODY, colour="text_second", lines=4)
        self.claim = Button(theme, _("I was at the desk"), Ground.LINK, role=LABEL_STRONG)
        self.close_button = RoundButton(theme, Glyph.CLOSE, _("Close"), 40, Ground.BARE)
        self.day = DayLine(theme)
        self.next = Words(theme, LABEL, colour="text_second", lines=2)
        self.take_break = Button(theme, _("Take a break"), Ground.FILLED, opens_menu=True)
        self.pause = Button(theme, _("Pause"), Ground.BORDERED, opens_menu=True)
        self.resume = Button(theme, _("Resume"), Ground.BORDERED)
        self.posture = Button(theme, "", Ground.BORDERED)
        self.history = Button(theme, _("History…"), Ground.BARE)
        self.settings = Button(theme, _("Settings…"), Ground.BARE)
        self.setWindowTitle(_("traycoach"))
        self._connect()
        self._lay_out()

    def show_view(self, view: StatusView, activation_token: str = "") -> None:
        """Open the window with this view, or bring it to the front."""
        self.update_view(view)
        if not self.isVisible():
            area = pointer_screen().availableGeometry()
            self.move(area.center() - QPoint(self.width() // 2, self.height() // 2))
        use_activation_token(activation_token)
        self.show()
        self.raise_()
        self.activateWindow()
        self.take_break.setFocus(Qt.FocusReason.OtherFocusReason)

    def update_view(self, view: StatusView) -> None:
        """Show new figures."""
        self._view = view
        self.ring.show_state(view.tray)
        self.state.setText(view.clock_words)
        self.why.setText(view.tray.why)
        self.why.setVisible(bool(view.tray.why))
        self.claim.setVisible(view.tray.can_claim_presence)
        self._show_facts(view.rows)
        facts = ", ".join(f"{label} {value}" for label, value in view.rows)
        self.day.show_day(view.parts, view.now_s, _("Today: {facts}").format(facts=facts))
        self.next.setText(view.next_words)
        self.next.setVisible(bool(view.next_words))
        standing = view.tray.posture is Posture.STANDING
        words = _("I’m sitting") if standing else _("I’m standing")
        self.posture.setText(words)
        self.posture.setAccessibleName(words)
        self.pause.setVisible(not view.tray.paused)
        self.resume.setVisible(view.tray.paused)
        self._fit()

    def dress(self) -> None:
        """Take over a changed theme."""
        if self._view is not None:
            self._fit()

    def close_asked(self) -> None:
        """Hide; the process keeps the window for the next time."""
        if self._menu is not None:
            self._menu.close_asked()
        self.hide()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Say that the window is closed."""
        super().hideEvent(event)
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_asked()
        else:
            super().keyPressEvent(event)

    def _connect(self) -> None:
        self.close_button.clicked.connect(self.close_asked)
        self.claim.clicked.connect(partial(self._ask, "here"))
        self.resume.clicked.connect(partial(self._ask, "resume"))
        self.history.clicked.connect(partial(self._ask, "open", "history"))
        self.settings.clicked.connect(partial(self._ask, "open", "settings"))
        self.posture.clicked.connect(self._change_posture)
        self.take_break.clicked.connect(self._open_routines)
        self.pause.clicked.connect(self._open_pauses)

    def _ask(self, verb: str, *words: object) -> None:
        # A clicked signal adds whether the button is checked: that is no word of the verb.
        self._send(StatusAction(verb, tuple(word for word in words if isinstance(word, str))))

    def _change_posture(self) -> None:
        standing = self._view is not None and self._view.tray.posture is Posture.STANDING
        self._ask("sit" if standing else "stand")

    def _open_routines(self) -> None:
        routines = () if self._view is None else self._view.routines
        rows = [MenuRow(_("What fits now"), partial(self._ask, "now"))]
        for number, (routine, title) in enumerate(routines):
            rows.append(MenuRow(title, partial(self._ask, "now", routine), apart=number == 0))
        rows.append(MenuRow(_("Routines…"), partial(self._ask, "open", "routines"), apart=True))
        self._open_menu(_("Take a break"), rows, self.take_break)

    def _open_pauses(self) -> None:
        rows = [
            MenuRow(_("30 minutes"), partial(self._ask, "pause", "30m")),
            MenuRow(_("1 hour"), partial(self._ask, "pause", "1h")),
            MenuRow(_("Until tomorrow"), partial(self._ask, "pause", "tomorrow")),
            MenuRow(_("Until I resume"), partial(self._ask, "pause")),
        ]
        self._open_menu(_("Pause"), rows, self.pause)

    def _open_menu(self, name: str, rows: list[MenuRow], button: Button) -> None:
        self._menu = PopupMenu(self.theme, name, rows, self)
        self._menu.destroyed.connect(self._menu_gone)
        self._menu.open_at(button)

    def _menu_gone(self) -> None:
        self._menu = None

    def _show_facts(self, rows: tuple[tuple[str, str], ...]) -> None:
        while len(self._facts) < len(rows):
            fact = (Words(self.theme, FACT), Words(self.theme, SMALL, colour="text_second", lines=2))
            for words in fact:
                words.setParent(self)  # shown without one, it is a window of its own until it is laid out
            self._facts.append(fact)
        for number, (value_words, label_words) in enumerate(self._facts):
            shown = number < len(rows)
            for words in (value_words, label_words):
                words.setVisible(shown)
            if shown:
                label, value = rows[number]
                value_words.setText(value)
                label_words.setText(label)

    def _fit(self) -> None:
        """Take the size that the content needs at this text scale."""
        width = min(self.theme.grown(WIDTH), pointer_screen().availableGeometry().width() - 32)
        widest = max((max(v.sizeHint().width(), n.sizeHint().width()) for v, n in self._facts), default=1)
        columns = max(1, min(len(self._facts), (width - 2 * _INSET) // (widest + 12)))
        for number, (value_words, label_words) in enumerate(self._facts):
            row, column = divmod(number, columns)
            self._fact_grid.addWidget(value_words, 2 * row, column)
            self._fact_grid.addWidget(label_words, 2 * row + 1, column)
        self.setFixedSize(QSize(width, sheet_height(self, width)))

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.state)
        words.addWidget(self.why)
        words.addWidget(self.claim, alignment=Qt.AlignmentFlag.AlignLeft)
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(self.ring, alignment=Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        self._fact_grid = QGridLayout()
        self._fact_grid.setHorizontalSpacing(12)
        self._fact_grid.setVerticalSpacing(0)
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.take_break, 1)
        first.addWidget(self.pause)
        first.addWidget(self.resume)
        second = QHBoxLayout()
        second.setSpacing(8)
        second.addWidget(self.posture)
        second.addStretch(1)
        second.addWidget(self.history)
        second.addWidget(self.settings)
        body = QVBoxLayout()
        body.setContentsMargins(_INSET, 0, _INSET, 0)
        body.setSpacing(16)
        body.addWidget(self.day)
        body.addLayout(self._fact_grid)
        body.addWidget(self.next)
        body.addLayout(first)
        body.addLayout(second)
        set_margins(head, self, _INSET, 8, 0, 0)
        top = QHBoxLayout()
        set_margins(top, self, 0, 0, 10, 0)
        top.addLayout(head, 1)
        top.addWidget(self.close_button, alignment=Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 20)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addLayout(body)
        order: tuple[QWidget, ...] = (
            self.take_break, self.pause, self.resume, self.posture,
            self.history, self.settings, self.claim, self.close_button,
        )  # fmt: skip
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

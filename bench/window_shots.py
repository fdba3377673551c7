"""Pictures of every window in every look, under build/shots/, for eyes: `python -m bench.window_shots [NAME…]`.

Real messages and real exercises, offscreen. Each pixel ratio needs a process of its own, so this starts itself again.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from itertools import product
from pathlib import Path

SHOTS = Path(__file__).parent.parent / "build" / "shots"
RATIOS = ("1", "2")


def main() -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    for ratio in RATIOS:
        env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": ratio, "QT_LOGGING_RULES": "*=false"}
        command = [sys.executable, "-m", "bench.window_shots", "--ratio", ratio, *sys.argv[1:]]
        subprocess.run(command, env=env, check=True)
    print(f"{len(list(SHOTS.glob('*.png')))} pictures in {SHOTS}")


def draw(ratio: str, wanted: list[str]) -> None:
    from PySide6.QtCore import QEventLoop, QRect, Qt, QTimer
    from PySide6.QtGui import QColor, QPainter, QPixmap
    from PySide6.QtWidgets import QApplication, QWidget

    from bench.window_samples import (
        lesson_message,
        library_answer,
        prompt_message,
        routine_message,
        routines_view,
        status_view,
    )
    from traycoach.core.actions import TrayKind
    from traycoach.core.rules import Look
    from traycoach.messages import Appearance
    from traycoach.ui.end_card import EndCard
    from traycoach.ui.prompts import Prompts
    from traycoach.ui.routine_window import RoutineWindow
    from traycoach.ui.routines_window import RoutinesWindow
    from traycoach.ui.status_window import StatusWindow
    from traycoach.ui.theme import Theme
    from traycoach.ui.typeface import load_fonts

    application = QApplication(["shots"])
    application.setStyle("Fusion")
    load_fonts()

    def settle(length_ms: int = 30) -> None:
        loop = QEventLoop()
        QTimer.singleShot(length_ms, loop.quit)
        loop.exec()

    def keep(name: str, *windows: QWidget) -> None:
        """Save the windows as they lie on the screen, on a ground that shows their corners."""
        boxes = [QRect(window.pos(), window.size()) for window in windows]
        whole = boxes[0]
        for box in boxes[1:]:
            whole = whole.united(box)
        whole = whole.adjusted(-20, -20, 20, 20)
        dpr = windows[0].devicePixelRatioF()
        picture = QPixmap(whole.size() * dpr)
        picture.setDevicePixelRatio(dpr)
        picture.fill(QColor("#8fa3a8"))
        with QPainter(picture) as painter:
            for window, box in zip(windows, boxes, strict=True):
                painter.drawPixmap(box.topLeft() - whole.topLeft(), window.grab())
        picture.save(str(SHOTS / f"{name}.png"))

    def prompts(theme: Theme, name: str, *, long: bool) -> None:
        shown = Prompts(theme, lambda _message: None)
        shown.show(prompt_message(Look.CARD, long=long))
        settle()
        keep(f"card-{name}", shown.card)
        shown.card.sheet.open_snoozes()
        settle()
        menu = application.activePopupWidget()
        if menu is not None:
            keep(f"card-menu-{name}", shown.card, menu)
            menu.close()
        shown.show(prompt_message(Look.CARD, long=long, mute_s=60))
        settle()
        keep(f"card-deaf-{name}", shown.card)
        shown.show(prompt_message(Look.NOTICE, long=long))
        settle(400)
        keep(f"notice-{name}", shown.notice)
        shown.show(prompt_message(Look.OVERLAY, long=long))
        settle(300)
        if shown.overlay is not None:
            keep(f"overlay-{name}", *shown.overlay.windows)
        shown.withdraw(1)

    def routine(theme: Theme, name: str, *, long: bool) -> None:
        time = [timedelta(0)]
        window = RoutineWindow(theme, routine_message(long=long), lambda _message: None, lambda: time[0])
        window.open()
        play = window.playback

        def forward(seconds: float) -> None:
            """Let time pass without waiting for it."""
            for _ in range(int(seconds * 2)):
                time[0] += timedelta(milliseconds=500)
                play.tick()

        settle(60)
        keep(f"routine-ready-{name}", window)
        forward(30)
        play.next()
        forward(15)
        settle(500)
        keep(f"routine-{name}", window)
        window.resize(480, 560)
        settle(60)
        keep(f"routine-small-{name}", window)
        window.resize(672, 704)
        play.take_level("harder")
        forward(0.5)
        settle(500)
        keep(f"routine-harder-{name}", window)
        play.take_level("standard")
        window.resize(672, 704)
        window.pause_for("Paused: you are typing elsewhere.")
        settle(60)
        keep(f"routine-paused-{name}", window)
        window.close_asked()
        settle(60)
        keep(f"routine-ask-{name}", window)
        if window.ask is not None:
            window.ask.answered.emit(False)
        for _ in range(4):
            play.skip()
        forward(20)
        settle(500)
        keep(f"routine-reps-{name}", window)
        play.take_level("harder")
        forward(6)
        settle(500)
        keep(f"routine-both-{name}", window)
        play.next()
        settle(400)
        card = window.end_card
        if isinstance(card, EndCard):
            keep(f"end-{name}", window)
            card.effort.choose(2)
            card.pain.choose(2)
            settle()
            keep(f"end-pain-{name}", window)
        window.close_now()

    def lesson(theme: Theme, name: str, **_long: bool) -> None:
        time = [timedelta(0)]
        window = RoutineWindow(theme, lesson_message(), lambda _message: None, lambda: time[0])
        window.open()
        for shown in range(len(window.playback.steps)):
            for _ in range(8):
                time[0] += timedelta(milliseconds=500)
                window.playback.tick()
            settle(400)
            keep(f"lesson-{shown + 1}-{name}", window)
            window.playback.next()
        settle(400)
        keep(f"lesson-end-{name}", window)
        window.resize(480, 560)
        settle()
        keep(f"lesson-end-small-{name}", window)
        window.close_now()

    def status(theme: Theme, name: str, *, long: bool) -> None:
        window = StatusWindow(theme, lambda _message: None)
        window.show_view(status_view(long=long))
        settle()
        keep(f"status-{name}", window)
        if name == "light@1":
            for kind in TrayKind:
                window.update_view(status_view(kind=kind))
                settle()
                keep(f"status-kind-{kind}", window)
        window.hide()

    def routines(theme: Theme, name: str, *, long: bool) -> None:
        def send(message: object) -> None:
            answer = library_answer(message)
            if answer is not None:
                QTimer.singleShot(0, lambda: window.take(answer))

        window = RoutinesWindow(theme, send)
        window.show_view(routines_view(long=long))
        window.list.setCurrentIndex(window.list.model().index(3, 0))
        settle(700)
        keep(f"routines-{name}", window)
        window.filters.groups.chips[2].click()
        window.filters.choose_part("back")
        window.preview.steps.setFocus(Qt.FocusReason.TabFocusReason)
        settle(400)
        keep(f"routines-filtered-{name}", window)
        window.filter_button.click()
        window.resize(window.minimumSize())
        settle(400)
        keep(f"routines-small-filters-{name}", window)
        window.filter_button.click()
        window.filters.clear_all()
        settle(400)
        keep(f"routines-small-{name}", window)
        window.search.setText("nothing like it")
        settle(200)
        keep(f"routines-none-{name}", window)
        if name.startswith("light@"):
            window.search.clear()
            window.resize(1280, 860)
            settle(500)
            keep(f"routines-large-{name}", window)
        window.hide()

    looks: list[tuple[str, Appearance, bool, Qt.LayoutDirection]] = []
    ltr, rtl = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft
    for theme_name, contrast in product(("light", "dark"), (False, True)):
        name = theme_name + ("-contrast" if contrast else "")
        looks.append((f"{name}@{ratio}", Appearance(theme_name, high_contrast=contrast), False, ltr))
    if ratio == "1":
        looks += [
            ("light-text200", Appearance("light", text_scale=2.0), False, ltr),
            ("dark-text150", Appearance("dark", text_scale=1.5), False, ltr),
            ("light-long", Appearance("light"), True, ltr),
            ("dark-long-text200", Appearance("dark", text_scale=2.0), True, ltr),
            ("light-rtl", Appearance("light"), False, rtl),
            ("dark-still", Appearance("dark", reduced_motion=True), False, ltr),
        ]
    drawers: dict[str, Callable[..., None]] = {
        "prompts": prompts,
        "routine": routine,
        "lesson": lesson,
        "status": status,
        "routines": routines,
    }
    for name, appearance, long, direction in looks:
        application.setLayoutDirection(direction)
        theme = Theme(appearance)
        for kind, drawer in drawers.items():
            if not wanted or kind in wanted:
                drawer(theme, name, long=long)


if __name__ == "__main__":
    if "--ratio" in sys.argv:
        at = sys.argv.index("--ratio")
        draw(sys.argv[at + 1], sys.argv[at + 2 :])
    else:
        main()

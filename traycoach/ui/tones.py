"""Soft tones at step changes, so that one need not look at the screen: played by a program of the desktop, if any.

Off unless the user wants them. No sound library is loaded for it: PipeWire's, PulseAudio's or ALSA's own player takes
the file (pw-play(1), paplay(1), aplay(1)). One tone at a time; a player that hangs is ended.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QProcess, QTimer

from traycoach.core.routine import Moment
from traycoach.ui.theme import Theme

PLAYERS: Final[tuple[tuple[str, ...], ...]] = (("pw-play",), ("paplay",), ("aplay", "-q"))
LONGEST_MS: Final = 3000
_FOLDER: Final = Path(__file__).parent / "sounds"
_NAMES: Final = {Moment.STEP_CAME: "came", Moment.STEP_BEGAN: "began", Moment.OVER: "over"}


class Tones(QObject):
    """Plays the tone of a moment. Silent where tones are off, no player is there, or the player does not work."""

    def __init__(self, theme: Theme, parent: QObject | None = None, longest_ms: int = LONGEST_MS) -> None:
        super().__init__(parent)
        self._theme = theme
        self._command: tuple[str, ...] | None = None
        self._process = QProcess(self)
        for direct in (self._process.setStandardOutputFile, self._process.setStandardErrorFile):
            direct(QProcess.nullDevice())
        self._process.setStandardInputFile(QProcess.nullDevice())
        self._end = QTimer(self)
        self._end.setSingleShot(True)
        self._end.setInterval(longest_ms)
        self._end.timeout.connect(self.stop)
        self._process.finished.connect(self._end.stop)

    @property
    def playing(self) -> bool:
        """Whether a player runs."""
        return self._process.state() is not QProcess.ProcessState.NotRunning

    def tell(self, moment: Moment) -> None:
        """Play the tone of this moment, if it has one; nothing while another still sounds."""
        name = _NAMES.get(moment)
        if name is None or self.playing or not self._theme.appearance.sounds:
            return
        if self._command is None:
            self._command = _command()
        if self._command:
            self._process.start(self._command[0], [*self._command[1:], str(_FOLDER / f"{name}.wav")])
            self._end.start()

    def stop(self) -> None:
        """Ask the player to end."""
        self._end.stop()
        if self.playing:
            self._process.terminate()


def _command() -> tuple[str, ...]:
    """Give the player with its options; () without one.

    It runs under timeout(1), which ends it for good when it is asked to, when it hangs, and when this process has died.
    """
    limit = shutil.which("timeout")
    for name, *options in PLAYERS:
        player = shutil.which(name)
        if player is not None:
            guard = (limit, "--kill-after=1", str(LONGEST_MS // 1000)) if limit is not None else ()
            return (*guard, player, *options)
    return ()

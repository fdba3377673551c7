"""`python -m traycoach.ui.export WHAT SIZE`: paint a routine, exercise or lesson offscreen, for a file.

WHAT is "animation", "page" or "panels"; SIZE the side of a picture in px. The standard input has two lines, as
`traycoach.wire` writes them: SetAppearance, then OpenRoutineWindow. `--views` adds an exercise's further views, and
`--summary=TEXT` goes under the title of a page.

The standard output has a JSON line for each thing, followed for a picture by its RGBX bytes (width × height × 4):

    {"total": N}                                    first: how many pictures will come
    {"group": 0, "title": …, "dose": …, "how": …, "lines": [[label, text] …]}       panels only, before its pictures
    {"width": W, "height": H, "ms": 60}             a frame; the first picture of an animation has "ms": 0 and shows
                                                    its colours only
    {"width": W, "height": H, "group": 0, "cue": …, "alt": …}                       a panel

Ends with 1 and a line on the standard error if it cannot be done.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from traycoach.errors import UserError
from traycoach.messages import OpenRoutineWindow, SetAppearance
from traycoach.wire import decode

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

Say = Callable[[Mapping[str, Any], "QImage | None"], None]


def rgbx(image: QImage) -> bytes:
    """Give the image's bytes, four to a pixel, without gaps between rows."""
    from PySide6.QtGui import QImage

    converted = image.convertToFormat(QImage.Format.Format_RGBX8888)  # named: its bits live as long as it does
    return bytes(converted.constBits())


def paint(words: Sequence[str], lines: Sequence[bytes], say: Say) -> None:
    """Paint what the words ask for. Raises UserError for words and lines that are not understood."""
    from PySide6.QtGui import QGuiApplication

    from traycoach.ui import animation, storyboard
    from traycoach.ui.theme import Theme
    from traycoach.ui.typeface import load_fonts

    what, size = words[0], int(words[1])
    summary = next((word.partition("=")[2] for word in words if word.startswith("--summary=")), "")
    application = QGuiApplication.instance() or QGuiApplication(["traycoach"])
    load_fonts()
    appearance: SetAppearance = decode(lines[0], SetAppearance)
    message: OpenRoutineWindow = decode(lines[1], OpenRoutineWindow)
    theme = Theme(appearance.appearance)
    found = storyboard.segments(message, theme, all_views="--views" in words)
    match what:
        case "animation":
            say({"total": animation.frame_count(found)}, None)
            say({"ms": 0}, animation.palette_picture(theme, found, size))
            for image, ms in animation.frames(message, theme, found, size):
                say({"ms": ms}, image)
        case "page":
            say({"total": 1}, None)
            say({}, storyboard.page(message, theme, found, summary))
        case "panels":
            panels = list(storyboard.panels(found, size))
            say({"total": len(panels)}, None)
            for number, group in enumerate(storyboard.groups(message)):
                about = {"title": group.title, "dose": group.dose, "how": group.how, "lines": group.lines}
                say({"group": number, **about}, None)
            for panel in panels:
                say({"group": panel.group, "cue": panel.cue, "alt": panel.alt}, panel.image)
        case _:
            raise UserError(f"“{what}” is not understood")
    del application


def main(words: Sequence[str], source: BinaryIO, out: BinaryIO) -> int:
    """Read, paint and write; give the exit code."""

    def say(about: Mapping[str, Any], image: QImage | None) -> None:
        size = {} if image is None else {"width": image.width(), "height": image.height()}
        out.write(json.dumps({**size, **about}).encode() + b"\n")
        if image is not None:
            out.write(rgbx(image))

    try:
        paint(words, source.read().splitlines(), say)
        out.flush()
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # no display is needed, and none is to be touched
    code = main(sys.argv[1:], sys.stdin.buffer, sys.stdout.buffer)
    sys.stderr.flush()
    # Without the interpreter's own farewell: Qt's objects die in no order that Python knows.
    os._exit(code)
